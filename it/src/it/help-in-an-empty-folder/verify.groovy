// A goal needs no POM: the folder has none, and help still lists the goals.
String log = new File(basedir, 'build.log').text
assert !new File(basedir, 'pom.xml').exists()
assert log.contains('barman:help')

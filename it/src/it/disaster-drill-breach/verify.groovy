import groovy.json.JsonSlurper

// The build failed because the recovery took longer than allowed, which the first line says, and for nothing else.
String log = new File(basedir, 'build.log').text
assert log =~ /Failed to execute goal io.github.barman4j:barman-maven-plugin:[^:]+:drill .*BRM-704: S01 kill-primary-synchronous: the recovery took [0-9.]+ s, [0-9.]+ s longer than the limit of 0.00 s/
def drill = new JsonSlurper().parse(new File(basedir, 'target/barman/drill.json'))
assert drill.scenarios.size() == 1
assert drill.scenarios[0].verdict == 'failed'
assert drill.scenarios[0].reasons.size() == 1
assert drill.scenarios[0].rpo.lostTransactions == 0
// The reports are there all the same, for the pipeline to keep.
['drill.html', 'TEST-barman.drill.xml', 'drill.md'].each { assert new File(basedir, "target/barman/$it").length() > 0 }
assert new File(basedir, '.drill/history.jsonl').readLines().size() == 1

import groovy.json.JsonSlurper
import groovy.xml.XmlParser

// Four drills ran as tests and passed, each with its reports and its lines in the history.
def suite = new XmlParser().parse(new File(basedir, 'target/surefire-reports/TEST-org.example.OrdersDrillTest.xml'))
assert suite.@tests == '4' && suite.@failures == '0' && suite.@errors == '0' && suite.@skipped == '0'

def reports = new File(basedir, 'target/barman')
def prefix = 'org.example.OrdersDrillTest.'
def found = [
    'losesNoOrderWhenTheServerDies': 'S01',
    'bringsBackWhatAMistakeHasEmptied/ORDERS-1': 'ORDERS-1',
    'bringsBackWhatAMistakeHasEmptied/ORDERS-2': 'ORDERS-2',
    'findsItsOwnTableAgain': 'OrdersDrillTest.findsItsOwnTableAgain',
]
found.each { folder, id ->
  def drill = new JsonSlurper().parse(new File(reports, prefix + folder + '/drill.json'))
  assert drill.scenarios.collect { it.id }.unique() == [id]
  assert drill.scenarios.every { it.verdict == 'passed' && it.rpo.lostTransactions == 0 && it.rpo.acknowledged > 0 }
  assert new File(reports, prefix + folder + '/drill.html').length() > 0
}
def history = new File(basedir, '.drill/history.jsonl').readLines().collect { new JsonSlurper().parseText(it) }
assert history.size() == 4

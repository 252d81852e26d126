package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DrillCommandTest {

  @Test
  void saysWhatWasGivenAndWhatIsNotUsual() {
    DrillCommand command = new DrillCommand("mvn g:a:1:drill")
        .with("barman.drill.seed", "7")
        .with("barman.drill.postgresBin", null)
        .with("barman.drill.writers", "4", "4")
        .with("barman.drill.databaseSize", "1GB", "32MB");
    assertThat(command)
        .hasToString("mvn g:a:1:drill -Dbarman.drill.seed=7 -Dbarman.drill.databaseSize=1GB");
  }

  @Test
  void quotesWhatAShellWouldRead() {
    assertThat(new DrillCommand("x").with("barman.drill.initScript", "it's $HOME/a b.sql"))
        .hasToString("x '-Dbarman.drill.initScript=it'\\''s $HOME/a b.sql'");
  }
}

package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlScriptTest {

  @Test
  void endsAStatementOnlyAtItsOwnSemicolon() throws Exception {
    assertThat(SqlScript.split("""
            -- a comment; with a semicolon
            CREATE TABLE t (a text DEFAULT 'x;y', "b;c" int);
            /* another; */ CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$
            BEGIN PERFORM 1; RETURN 2; END $body$;;
            SELECT '{"a": 1}'::jsonb ? 'a'
            """)).hasSize(3).satisfies(statements -> {
      assertThat(statements.get(0)).endsWith("\"b;c\" int)");
      assertThat(statements.get(1)).endsWith("END $body$");
      assertThat(statements.get(2)).isEqualTo("SELECT '{\"a\": 1}'::jsonb ? 'a'");
    });
  }

  @Test
  void findsNothingInAnEmptyScript() throws Exception {
    assertThat(SqlScript.split("\n ;; \n")).isEmpty();
  }
}

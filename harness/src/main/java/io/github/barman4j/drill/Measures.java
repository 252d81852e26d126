package io.github.barman4j.drill;

/** What several scenarios measure in the same way, in words. */
final class Measures {
  static final String NOTHING_LOST =
      "acknowledged commits that are missing afterwards: none may be, unless the user's limit allows some";
  static final String ON_TARGET =
      "acknowledged commits from before the target that are missing, and commits from after it that are there: none of either";
  static final String FROM_FAULT =
      "from the kill to the first durable write on the restored server, in its phases";
  static final String FROM_PLAN =
      "from the finished plan of the restore to the first durable write; the plan's own time is told beside it";
  static final String SWITCH_OVER =
      "from the kill to the first durable write on the promoted standby, which is promoted as soon as the primary does not answer";
  static final String AND_A_RECOVERY =
      "; and a whole recovery from its finished plan to the first durable write";
  static final String OF_THE_REFUSAL_AND_PLAN =
      "the time to each refusal, as a figure" + AND_A_RECOVERY;

  private Measures() {}
}

package io.github.barman4j.drill;

import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Injection;
import io.github.barman4j.report.Limits;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A scenario that a YAML file describes, step by step. */
record FileScenario(
    Path path, ScenarioInfo info, Limits limits, Set<Breakable> breakable, List<Step> steps)
    implements OwnScenario {
  FileScenario {
    breakable = Set.copyOf(breakable);
    steps = List.copyOf(steps);
  }

  /** One thing that is done. */
  interface Step {
    void run(DrillStage stage, Notes notes) throws Exception;
  }

  /** What later steps need of earlier ones. */
  static final class Notes {
    private final Map<String, Moment> moments = new HashMap<>();
    private final Map<String, Damage> damages = new HashMap<>();
    private @Nullable Injection mistake;

    void moment(Moment moment) {
      moments.put(moment.name(), moment);
    }

    /** @throws IllegalStateException for a name that no earlier step has given, which reading the file refuses */
    Moment moment(String name) {
      return Optional.ofNullable(moments.get(name))
          .orElseThrow(() -> new IllegalStateException("there is no moment " + name));
    }

    void injected(Injection injection) {
      if (injection.transaction().isPresent()) {
        mistake = injection;
      }
    }

    void broken(String word, Damage damage) {
      damages.put(word, damage);
    }

    /** The last one of this kind; reading the file refuses one that no earlier step injects. */
    void heal(String word) {
      Optional.ofNullable(damages.get(word))
          .orElseThrow(() -> new IllegalStateException("there is no damage " + word))
          .close();
    }

    /** The last fault that was a transaction. */
    Injection mistake() {
      Injection last = mistake;
      if (last == null) {
        throw Faults.misused("no fault before this step was a transaction");
      }
      return last;
    }
  }

  @Override
  public void run(DrillStage stage) throws Exception {
    Notes notes = new Notes();
    for (Step step : steps) {
      step.run(stage, notes);
    }
  }
}

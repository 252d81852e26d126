package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.ContainerServers;
import io.github.barman4j.cluster.Servers;
import io.github.barman4j.cluster.Site;
import io.github.barman4j.report.RunAgain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What to drill, on which server, under which load, and what it may cost at most. Made by {@link #builder}. */
public final class DrillRequest {
  private static final int MAX_WRITERS = 64;

  private final Servers servers;
  private final Path outputDirectory;
  private final List<String> scenarios;
  private final int writers;
  private final Duration warmUp;
  private final long databaseBytes;
  private final @Nullable Path initScript;
  private final @Nullable Path checkScript;
  private final long seed;
  private final int repeat;
  private final DrillLimits limits;
  private final @Nullable Path stepSummary;
  private final @Nullable Path history;
  private final RunAgain again;
  private final NetworkTools network;
  private final @Nullable String repmgrImage;
  private final Sites sites;

  private DrillRequest(Builder builder) {
    servers = builder.servers;
    outputDirectory = builder.outputDirectory;
    scenarios = List.copyOf(builder.scenarios);
    writers = builder.writers;
    warmUp = builder.warmUp;
    databaseBytes = builder.databaseBytes;
    initScript = builder.initScript;
    checkScript = builder.checkScript;
    seed = builder.seed;
    repeat = builder.repeat;
    limits = builder.limits;
    stepSummary = builder.stepSummary;
    history = builder.history;
    again = builder.again;
    network = NetworkTools.here(
        builder.toxiproxyServer, builder.toxiproxyImage, servers instanceof ContainerServers);
    repmgrImage = builder.repmgrImage;
    sites = new Sites(servers);
    require(writers >= 1 && writers <= MAX_WRITERS, writers + " writers", "1 to " + MAX_WRITERS);
    require(!warmUp.isNegative(), "a warm-up of " + warmUp, "zero or more");
    require(databaseBytes >= 0, "a database of " + databaseBytes + " bytes", "zero or more");
    require(repeat >= 1, repeat + " repetitions", "1 or more");
    limits.byScenario().keySet().forEach(id -> Scenarios.require(id, scenarios));
    if (limits.onRegression() && history == null) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "a limit on the regression of the recovery time has nothing to compare with",
          "name a file that keeps the figures of earlier runs as barman.drill.history");
    }
  }

  private DrillRequest(DrillRequest other, Servers servers, Sites sites) {
    this.servers = servers;
    outputDirectory = other.outputDirectory;
    scenarios = other.scenarios;
    writers = other.writers;
    warmUp = other.warmUp;
    databaseBytes = other.databaseBytes;
    initScript = other.initScript;
    checkScript = other.checkScript;
    seed = other.seed;
    repeat = other.repeat;
    limits = other.limits;
    stepSummary = other.stepSummary;
    history = other.history;
    again = other.again;
    network = other.network;
    repmgrImage = other.repmgrImage;
    this.sites = sites;
  }

  /**
   * @param servers which kind of server to break
   * @param outputDirectory where the reports are written
   */
  public static Builder builder(Servers servers, Path outputDirectory) {
    return new Builder(servers, outputDirectory);
  }

  public Servers servers() {
    return servers;
  }

  /** The same, which notes in a list of its own what is opened for it. */
  DrillRequest noting(Sites opened) {
    return new DrillRequest(this, servers, opened);
  }

  /** The same on other servers. */
  DrillRequest on(Servers others) {
    return new DrillRequest(this, others, sites);
  }

  /** An image of PostgreSQL with repmgr, if one is named. */
  Optional<String> repmgrImage() {
    return Optional.ofNullable(repmgrImage);
  }

  /** A place for servers; the caller closes it. */
  Site openSite() {
    return sites.open(servers);
  }

  public Path outputDirectory() {
    return outputDirectory;
  }

  public List<String> scenarios() {
    return scenarios;
  }

  public int writers() {
    return writers;
  }

  public Duration warmUp() {
    return warmUp;
  }

  public long databaseBytes() {
    return databaseBytes;
  }

  public @Nullable Path initScript() {
    return initScript;
  }

  public @Nullable Path checkScript() {
    return checkScript;
  }

  public long seed() {
    return seed;
  }

  public int repeat() {
    return repeat;
  }

  public DrillLimits limits() {
    return limits;
  }

  public @Nullable Path stepSummary() {
    return stepSummary;
  }

  public @Nullable Path history() {
    return history;
  }

  public RunAgain again() {
    return again;
  }

  NetworkTools network() {
    return network;
  }

  private static void require(boolean holds, String found, String expected) {
    if (!holds) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION, found + " cannot be drilled", "allowed is " + expected);
    }
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder {
    private final Servers servers;
    private final Path outputDirectory;
    private List<String> scenarios = List.of("tier1");
    private int writers = 4;
    private Duration warmUp = Duration.ofSeconds(1);
    private long databaseBytes = 32L << 20;
    private @Nullable Path initScript;
    private @Nullable Path checkScript;
    private long seed = 42;
    private int repeat = 1;
    private DrillLimits limits = DrillLimits.NONE;
    private @Nullable Path stepSummary;
    private @Nullable Path history;
    private RunAgain again = RunAgain.choosing("mvn barman:drill");
    private @Nullable Path toxiproxyServer;
    private @Nullable String toxiproxyImage;
    private @Nullable String repmgrImage;

    private Builder(Servers servers, Path outputDirectory) {
      this.servers = servers;
      this.outputDirectory = outputDirectory;
    }

    /** Ids, names, {@code tier1} or {@code all}, and paths of YAML files with scenarios. */
    public Builder scenarios(List<String> idsOrNames) {
      this.scenarios = idsOrNames;
      return this;
    }

    /** How many clients write at once, 1 to 64. */
    public Builder writers(int count) {
      this.writers = count;
      return this;
    }

    /** How long the writers work before the backup begins. */
    public Builder warmUp(Duration duration) {
      this.warmUp = duration;
      return this;
    }

    /** How much data is there before the load begins, roughly. */
    public Builder databaseBytes(long bytes) {
      this.databaseBytes = bytes;
      return this;
    }

    /** SQL that makes the user's own schema and data; null for none. */
    public Builder initScript(@Nullable Path file) {
      this.initScript = file;
      return this;
    }

    /** Queries that must return no row after the recovery; null for none. */
    public Builder checkScript(@Nullable Path file) {
      this.checkScript = file;
      return this;
    }

    /** Of all that is random. */
    public Builder seed(long number) {
      this.seed = number;
      return this;
    }

    /** How often each scenario is run; the median is reported. */
    public Builder repeat(int times) {
      this.repeat = times;
      return this;
    }

    public Builder limits(DrillLimits allowed) {
      this.limits = allowed;
      return this;
    }

    /** The file that GitHub names in {@code GITHUB_STEP_SUMMARY}; drill.md is appended to it. */
    public Builder stepSummary(@Nullable Path file) {
      this.stepSummary = file;
      return this;
    }

    /** The file that keeps the figures of earlier runs; this one's are added. Null for none. */
    public Builder history(@Nullable Path file) {
      this.history = file;
      return this;
    }

    /** What runs such a drill again; the reports show it. */
    public Builder again(RunAgain command) {
      this.again = command;
      return this;
    }

    /**
     * The program that breaks the network; null for an image of Toxiproxy where servers are in containers, and for {@code
     * toxiproxy-server} on the PATH.
     */
    public Builder toxiproxyServer(@Nullable Path program) {
      this.toxiproxyServer = program;
      return this;
    }

    /** An image of Toxiproxy, for servers in containers; null for the official one. */
    public Builder toxiproxyImage(@Nullable String image) {
      this.toxiproxyImage = image;
      return this;
    }

    /** An image of PostgreSQL with repmgr, for servers in containers; null for the usual one, if it is there. */
    public Builder repmgrImage(@Nullable String image) {
      this.repmgrImage = image;
      return this;
    }

    /** @throws BarmanException with code DRILL_CONFIGURATION when a value is out of range */
    public DrillRequest build() {
      return new DrillRequest(this);
    }
  }
}

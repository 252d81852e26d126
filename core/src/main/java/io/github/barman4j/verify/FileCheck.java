package io.github.barman4j.verify;

import io.github.barman4j.IntegrityException;
import io.github.barman4j.catalog.DamagedFile;
import io.github.barman4j.postgres.Page;
import io.github.barman4j.postgres.RelationFile;
import io.github.barman4j.repository.BlockExaminer;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.StoredBlock;
import io.github.barman4j.wal.SuspectPages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What becomes of one file of a backup when all its blocks are read. For one thread. */
final class FileCheck implements BlockExaminer {
  private static final int LISTED_PAGES = 1000;

  private final FileEntry file;
  private final int blockSize;
  private final Set<String> listedPacks;
  private final VerifiedBlocks verified;
  private final DamagedBlocks damagedBlocks;
  private final @Nullable SuspectPages suspects;
  private final @Nullable RelationFile relation;
  private final Set<Long> damagedPages = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();
  private long damaged;
  private long blocks;
  private long pages;
  private String unlistedPack = "";

  /**
   * @param suspects takes the pages that do not pass; null when pages cannot be judged
   * @param listedPacks those of the catalog entry
   */
  FileCheck(
      FileEntry file,
      int blockSize,
      Set<String> listedPacks,
      VerifiedBlocks verified,
      DamagedBlocks damagedBlocks,
      @Nullable SuspectPages suspects) {
    this.file = file;
    this.blockSize = blockSize;
    this.listedPacks = listedPacks;
    this.verified = verified;
    this.damagedBlocks = damagedBlocks;
    this.suspects = suspects;
    this.relation = suspects == null ? null : RelationFile.of(file.path()).orElse(null);
  }

  @Override
  public boolean wants(long number, StoredBlock block) {
    blocks++;
    if (unlistedPack.isEmpty() && !listedPacks.contains(block.packName())) {
      unlistedPack = block.packName();
    }
    boolean known = verified.contains(block, judged(number));
    if (known) {
      pages += relation == null ? 0 : pagesIn(number);
    }
    return !known;
  }

  @Override
  public void sound(long number, StoredBlock block, byte[] buffer, int from, int length) {
    SuspectPages judge = suspects;
    RelationFile pageFile = relation;
    if (judge != null && pageFile != null) {
      pages += pagesIn(number);
      long first = number * (blockSize / Page.SIZE);
      if (!judge.judge(file.path(), pageFile, first, buffer, from, length)) {
        return;
      }
    }
    verified.add(block, judged(number));
  }

  @Override
  public void zero(long number, int length) {
    blocks++;
    pages += relation == null ? 0 : pagesIn(number);
  }

  @Override
  public void damaged(long number, StoredBlock block, int length, IntegrityException damage) {
    damagedBlocks.add(block);
    damaged(number, 1, damage);
  }

  @Override
  public void unknown(long first, long count, IntegrityException damage) {
    blocks += count;
    damaged(first, count, damage);
  }

  private void damaged(long first, long count, IntegrityException damage) {
    if (damaged == 0) {
      problems.add(damage.problem());
    }
    damaged += count;
    long end = Math.min((first + count) * blockSize, file.size());
    long lastPage = Math.max(0, (end - 1) / Page.SIZE);
    for (long page = first * blockSize / Page.SIZE;
        page <= lastPage && damagedPages.size() < LISTED_PAGES;
        page++) {
      damagedPages.add(page);
    }
  }

  /** What is wrong with the file; empty when nothing is. */
  Optional<DamagedFile> result() {
    if (!unlistedPack.isEmpty()) {
      problems.add("it refers to pack " + unlistedPack
          + ", which the catalog entry does not list, so that the pack may be deleted");
    }
    if (damaged > 1) {
      problems.add(damaged + " blocks of " + blockSize + " bytes in all");
    }
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(new DamagedFile(
            file.path(), "", List.copyOf(damagedPages), String.join("; ", problems)));
  }

  long blocks() {
    return blocks;
  }

  long pages() {
    return pages;
  }

  private int pagesIn(long number) {
    return (int) (Math.min(blockSize, file.size() - number * blockSize) / Page.SIZE);
  }

  private long judged(long number) {
    SuspectPages judge = suspects;
    RelationFile pageFile = relation;
    return judge == null || pageFile == null
        ? 0
        : judge.judgedAs(pageFile, number * (blockSize / Page.SIZE));
  }
}

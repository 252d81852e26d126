package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import io.github.barman4j.IntegrityException;

/** Reads one file from its first block to its last and goes on where a block is damaged. Used once. */
final class FileExamination {
  private final BackupReader backup;
  private final RepositoryOptions options;
  private final FileEntry file;
  private final BlockExaminer examiner;
  private final BlockMap map;
  private final ZeroBlocks zeroBlocks;

  FileExamination(
      BackupReader backup, FileEntry file, ZeroBlocks zeroBlocks, BlockExaminer examiner) {
    this.backup = backup;
    this.options = backup.options();
    this.file = file;
    this.examiner = examiner;
    this.map = backup.blockMap(file);
    this.zeroBlocks = zeroBlocks;
  }

  void run() {
    long blocks = options.blocksOf(file.size());
    int perPage = options.mapPageEntries();
    for (long first = 0; first < blocks; first += perPage) {
      long end = Math.min(blocks, first + perPage);
      try {
        map.node(0, first / perPage);
      } catch (IntegrityException e) {
        examiner.unknown(first, end - first, backup.damaged(file, first, e));
        continue;
      }
      for (long number = first; number < end; number++) {
        examine(number, map.block(number), options.lengthOf(number, file.size()));
      }
    }
  }

  private void examine(long number, BlockEntry entry, int length) {
    StoredBlock block = StoredBlock.of(entry);
    if (entry.address().isZero()) {
      BlockHash zeros = zeroBlocks.hash(length);
      if (entry.hash().equals(zeros)) {
        examiner.zero(number, length);
      } else {
        examiner.damaged(
            number,
            block,
            length,
            Damage.in(
                "manifests/" + backup.backupId(),
                "block " + number + " of '" + file.path()
                    + "' is said to be zeros and to have the hash " + entry.hash()));
      }
      return;
    }
    if (!examiner.wants(number, block)) {
      return;
    }
    FrameReader.Piece piece;
    try {
      piece = backup.frames().piece(entry, Frame.DATA, length);
    } catch (IntegrityException e) {
      examiner.damaged(number, block, length, backup.damaged(file, number, e));
      return;
    }
    examiner.sound(number, block, piece.bytes(), piece.from(), length);
  }
}

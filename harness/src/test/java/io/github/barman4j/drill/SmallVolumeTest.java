package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where nothing may be mounted. */
class SmallVolumeTest {
  @TempDir
  Path folder;

  @Test
  void hasTheRoomOfItsQuota() throws IOException {
    Path place = Files.createDirectory(folder.resolve("place"));
    try (SmallVolume volume = SmallVolume.withQuota(place, folder.resolve("forced"), 1000)) {
      assertThat(volume.kind()).isEqualTo("a disk with a quota");
      assertThat(volume.usableBytes()).isEqualTo(1000);
      Path file = volume.root().resolve("file");
      assertThatThrownBy(() -> Files.write(file, new byte[1001])).hasMessageContaining("No space");
      Files.delete(file);

      volume.resize(2000);
      Files.write(file, new byte[1001]);
      assertThat(volume.usableBytes()).isEqualTo(999);
      assertThat(volume.folder().resolve("file")).hasSize(1001);
    }
  }
}

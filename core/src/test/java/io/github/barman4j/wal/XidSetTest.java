package io.github.barman4j.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class XidSetTest {
  @Test
  void ignoresTheEpochOfTheIdThatIsAskedFor() {
    XidSet set = setOf(Set.of(745L));

    assertThat(set.contains(745)).isTrue();
    assertThat(set.contains((3L << 32) + 745)).isTrue();
    assertThat(set.contains(746)).isFalse();
  }

  @Test
  void keepsNeighboursAsOneRun() {
    TreeSet<Long> ids = new TreeSet<>();
    for (long id = 65_000; id < 200_000; id++) {
      ids.add(id);
    }

    XidSet set = setOf(ids);

    assertThat(set).hasToString("{65000-199999}");
    assertThat(set.count()).isEqualTo(135_000);
    assertThat(written(set)).hasSizeLessThan(10);
  }

  @Test
  void holdsIdsOnBothSidesOfTheWrapAround() {
    XidSet set = setOf(Set.of(0xFFFFFFFEL, 0xFFFFFFFFL, 3L, 4L));

    assertThat(set).hasToString("{3-4,4294967294-4294967295}");
    assertThat(set.contains(0xFFFFFFFFL)).isTrue();
    assertThat(set.contains(5)).isFalse();
  }

  @Test
  void isEmptyWithoutIds() {
    assertThat(setOf(Set.of())).isEqualTo(XidSet.EMPTY);
    assertThat(XidSet.EMPTY.isEmpty()).isTrue();
    assertThat(XidSet.EMPTY.contains(0)).isFalse();
  }

  @Test
  void refusesRunsThatLeaveTheRange() {
    VarInt.Writer out = new VarInt.Writer();
    out.write(1);
    out.write(0xFFFFFFFFL);
    out.write(1);

    assertThatThrownBy(() -> XidSet.read(ByteBuffer.wrap(out.toByteArray())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesACountThatTheBytesCannotHold() {
    VarInt.Writer out = new VarInt.Writer();
    out.write(1_000_000_000);

    assertThatThrownBy(() -> XidSet.read(ByteBuffer.wrap(out.toByteArray())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1000000000");
  }

  @Seeds(200)
  void holdsExactlyWhatWasAddedAlsoAfterWritingAndReading(RandomGenerator random) {
    TreeSet<Long> ids = new TreeSet<>();
    long base = random.nextInt() & 0xFFFFFFFFL;
    int spread = 1 << random.nextInt(1, 20);
    for (int i = random.nextInt(500); i > 0; i--) {
      ids.add(base + random.nextInt(spread) & 0xFFFFFFFFL);
    }

    XidSet set = XidSet.read(ByteBuffer.wrap(written(setOf(ids))));

    assertThat(set).isEqualTo(setOf(ids));
    assertThat(set.count()).isEqualTo(ids.size());
    for (long id : ids) {
      assertThat(set.contains(id)).as("%d", id).isTrue();
      assertThat(set.contains(id + 1)).isEqualTo(ids.contains(id + 1 & 0xFFFFFFFFL));
      assertThat(set.contains(id - 1)).isEqualTo(ids.contains(id - 1 & 0xFFFFFFFFL));
    }
  }

  @Seeds(200)
  void answersAnyBytesWithASetOrARefusal(RandomGenerator random) {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    try {
      assertThat(XidSet.read(ByteBuffer.wrap(bytes)).count()).isNotNegative();
    } catch (IllegalArgumentException expected) {
      assertThat(expected).hasMessageMatching(".+");
    }
  }

  private static XidSet setOf(Set<Long> ids) {
    XidSet.Builder builder = new XidSet.Builder();
    ids.forEach(builder::add);
    return builder.build();
  }

  private static byte[] written(XidSet set) {
    VarInt.Writer out = new VarInt.Writer();
    set.write(out);
    return out.toByteArray();
  }
}

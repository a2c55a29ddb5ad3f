package io.github.ticketcaravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GroupCommitTest {

    /** Remembers what it is given; fails on a group that holds {@code poison}. */
    private static final class Recorder implements GroupCommit.Writer<Integer> {

        private final List<List<Integer>> groups = Collections.synchronizedList(new ArrayList<>());
        private final List<Integer> written = Collections.synchronizedList(new ArrayList<>());
        private final List<Integer> failed = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch begin;
        private final int poison;
        private boolean onlyEven;

        Recorder(CountDownLatch begin, int poison) {
            this.begin = begin;
            this.poison = poison;
        }

        @Override
        public void write(List<Integer> group) {
            try {
                begin.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (group.contains(poison)) {
                throw new IllegalStateException("The disk is full");
            }
            if (onlyEven && group.stream().anyMatch(element -> element % 2 != 0)) {
                throw new IllegalArgumentException("not an even number");
            }
            groups.add(List.copyOf(group));
        }

        @Override
        public boolean isOfAnElement(RuntimeException failure) {
            return failure instanceof IllegalArgumentException;
        }

        @Override
        public void writeInstead(Integer element, RuntimeException failure) {
            assertThat(failure).hasMessage("not an even number");
            groups.add(List.of(-element));
        }

        @Override
        public void written(List<Integer> group) {
            written.addAll(group);
        }

        @Override
        public void failed(List<Integer> group, RuntimeException failure) {
            assertThat(failure).hasMessage("The disk is full");
            failed.addAll(group);
        }
    }

    private static void add(GroupCommit<Integer> commit, int from, int to) throws InterruptedException {
        for (int element = from; element <= to; element++) {
            commit.add(element);
        }
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void idleItWritesAtOnce() throws Exception {
        Recorder recorder = new Recorder(new CountDownLatch(0), -1);
        try (GroupCommit<Integer> commit = new GroupCommit<>("test", recorder)) {
            for (int element = 1; element <= 3; element++) {
                commit.add(element);
                int expected = element;
                await().untilAsserted(() -> assertThat(recorder.written).isEqualTo(range(1, expected)));
            }
        }
        assertThat(recorder.groups).containsExactly(List.of(1), List.of(2), List.of(3));
    }

    @Test
    void underLoadItWritesInGroupsOfBoundedSizeAndInOrder() throws Exception {
        CountDownLatch begin = new CountDownLatch(1);
        Recorder recorder = new Recorder(begin, -1);
        try (GroupCommit<Integer> commit = new GroupCommit<>("test", recorder)) {
            add(commit, 1, 1_500);
            begin.countDown();
        }

        assertThat(recorder.written).isEqualTo(range(1, 1_500));
        assertThat(recorder.groups)
                .hasSizeLessThanOrEqualTo(4)
                .allSatisfy(group -> assertThat(group).hasSizeLessThanOrEqualTo(500));
    }

    @Test
    void closingWritesWhatIsLeft() throws Exception {
        CountDownLatch begin = new CountDownLatch(1);
        Recorder recorder = new Recorder(begin, -1);
        GroupCommit<Integer> commit = new GroupCommit<>("test", recorder);
        add(commit, 1, 700);
        Thread closing = new Thread(commit::close);
        closing.start();
        begin.countDown();
        closing.join(10_000);

        assertThat(closing.isAlive()).isFalse();
        assertThat(recorder.written).isEqualTo(range(1, 700));
    }

    @Test
    void whatCannotBeWrittenIsReplacedAndHoldsUpNoOther() throws Exception {
        CountDownLatch begin = new CountDownLatch(1);
        Recorder recorder = new Recorder(begin, -1);
        recorder.onlyEven = true;
        try (GroupCommit<Integer> commit = new GroupCommit<>("test", recorder)) {
            add(commit, 2, 5);
            begin.countDown();
        }

        assertThat(recorder.written).isEqualTo(range(2, 5));
        assertThat(recorder.failed).isEmpty();
        assertThat(recorder.groups.stream().flatMap(List::stream)).containsExactly(2, -3, 4, -5);
    }

    @Test
    void afterAFailureNothingMoreIsWrittenAndEverybodyIsTold() throws Exception {
        CountDownLatch begin = new CountDownLatch(1);
        Recorder recorder = new Recorder(begin, 600);
        try (GroupCommit<Integer> commit = new GroupCommit<>("test", recorder)) {
            add(commit, 1, 1_200);
            begin.countDown();
        }

        List<Integer> all = new ArrayList<>(recorder.written);
        all.addAll(recorder.failed);
        assertThat(all).isEqualTo(range(1, 1_200));
        assertThat(recorder.failed).contains(600, 1_200);
        assertThat(recorder.groups.stream().flatMap(List::stream)).doesNotContain(600, 1_200);
    }
}

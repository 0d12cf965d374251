package cogent.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Every way to a dangling native pointer that we know of ends in a Java exception. */
class OwnershipTest {
    @Test
    void a_tensor_made_outside_a_scope_is_refused() {
        assertThatThrownBy(() -> Tensors.zeros(DType.F32, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no open scope");
    }

    @Test
    void use_after_the_scope_closed_is_refused() {
        Tensor t;
        try (Scope _ = Scope.open()) {
            t = Tensors.zeros(DType.F32, 2);
        }
        assertThat(t.isClosed()).isTrue();
        assertThatThrownBy(t::item).isInstanceOf(IllegalStateException.class).hasMessageContaining("freed");
        try (Scope _ = Scope.open()) {
            Tensor other = Tensors.zeros(DType.F32, 2);
            assertThatThrownBy(() -> other.add(t)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> other.add_(t)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> Tensors.cat(List.of(other, t), 0)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> Foreach.norm(List.of(t))).isInstanceOf(IllegalStateException.class);
        }
        assertThat(t).hasToString("tensor (freed)");
    }

    @Test
    void closing_early_frees_once_and_the_scope_does_not_mind() {
        try (Scope _ = Scope.open()) {
            Tensor t = Tensors.zeros(DType.F32, 2);
            t.close();
            t.close();
            assertThatThrownBy(t::numel).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_view_outlives_the_tensor_it_came_from() {
        try (Scope _ = Scope.open()) {
            Tensor view = Scope.of(() -> Tensors.arange(6).view(2, 3).select(0, 1));
            assertThat(view.toLongs()).containsExactly(3, 4, 5);
        }
    }

    @Test
    void kept_tensors_climb_one_scope_at_a_time() {
        try (Scope _ = Scope.open()) {
            Tensor kept;
            Tensor lost;
            try (Scope middle = Scope.open()) {
                try (Scope inner = Scope.open()) {
                    kept = inner.keep(Tensors.full(3, DType.F32, 1));
                    lost = inner.keep(Tensors.full(4, DType.F32, 1));
                }
                assertThat(lost.item()).isEqualTo(4);
                middle.keep(kept);
            }
            assertThat(kept.item()).isEqualTo(3);
            assertThat(lost.isClosed()).isTrue();
        }
    }

    @Test
    void keeping_without_an_enclosing_scope_is_refused() {
        assertThatThrownBy(() -> Scope.of(() -> Tensors.zeros(DType.F32, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("retained");
        try (Scope _ = Scope.open()) {
            assertThat(Tensors.zeros(DType.F32, 1).item()).isZero();
        }
    }

    @Test
    void a_failure_inside_a_scope_frees_its_tensors() {
        AtomicReference<Tensor> made = new AtomicReference<>();
        assertThatThrownBy(() -> Scope.run(() -> {
                    made.set(Tensors.zeros(DType.F32, 2, 3));
                    made.get().matmul(Tensors.zeros(DType.F32, 2, 3));
                }))
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining("shapes cannot be multiplied");
        assertThat(made.get().isClosed()).isTrue();
        assertThatThrownBy(Scope::innermost).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void scopes_closed_out_of_order_twice_or_elsewhere_are_refused() throws Exception {
        Scope outer = Scope.open();
        Scope inner = Scope.open();
        assertThatThrownBy(outer::close).isInstanceOf(IllegalStateException.class);
        assertThat(failureOn(Thread.ofPlatform(), inner::close)).hasMessageContaining("thread");
        inner.close();
        assertThatThrownBy(inner::close).isInstanceOf(IllegalStateException.class);
        outer.close();
        assertThatThrownBy(outer::close).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_scoped_tensor_stays_on_its_thread_and_a_retained_one_does_not() throws Exception {
        Tensor retained;
        try (Scope _ = Scope.open()) {
            Tensor t = Tensors.full(5, DType.F32, 1);
            assertThat(failureOn(Thread.ofPlatform(), t::item)).hasMessageContaining("another thread");
            retained = t.retained();
        }
        assertThat(failureOn(
                        Thread.ofPlatform(), () -> assertThat(retained.item()).isEqualTo(5)))
                .isNull();
        retained.close();
        assertThatThrownBy(retained::item).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void virtual_threads_are_refused() throws Exception {
        assertThat(failureOn(Thread.ofVirtual(), Scope::open)).hasMessageContaining("platform thread");
        assertThat(failureOn(Thread.ofVirtual(), GradMode::off)).hasMessageContaining("platform thread");
    }

    @Test
    void a_tensor_retained_outside_any_scope_lives_until_closed() {
        Tensor first;
        try (Scope _ = Scope.open()) {
            first = Tensors.full(5, DType.F32, 1).retained();
        }
        Tensor second = first.retained();
        first.close();
        assertThat(second.item()).isEqualTo(5);
        second.close();
    }

    @Test
    void a_gradient_survives_the_tensor_that_it_belongs_to() {
        try (Scope _ = Scope.open()) {
            Tensor grad = Scope.of(() -> {
                Tensor x = Tensors.of(new float[] {1, 2, 3}, 3).requiresGrad(true);
                x.mul(x).sum().backward();
                return x.grad();
            });
            assertThat(grad.toFloats()).containsExactly(2, 4, 6);
        }
    }

    @Test
    void a_parameter_keeps_its_gradient_across_scopes() {
        Tensor p;
        try (Scope _ = Scope.open()) {
            p = Tensors.of(new float[] {1, 2}, 2).retained().requiresGrad(true);
        }
        for (int step = 1; step <= 3; step++) {
            try (Scope _ = Scope.open()) {
                p.mul(3.0).sum().backward();
                assertThat(p.grad().toFloats()).containsExactly(3 * step, 3 * step);
            }
        }
        p.clearGrad();
        assertThat(p.hasGrad()).isFalse();
        try (Scope _ = Scope.open()) {
            assertThatThrownBy(p::grad).isInstanceOf(IllegalStateException.class);
            p.setGrad(Tensors.full(10, DType.F32, 2));
        }
        try (Scope _ = Scope.open()) {
            p.sum().backward();
            assertThat(p.grad().toFloats()).containsExactly(11, 11);
        }
        p.close();
    }

    @Test
    void grad_mode_is_a_scope_of_this_thread() throws Exception {
        assertThat(GradMode.isOn()).isTrue();
        GradMode off = GradMode.off();
        try (var _ = GradMode.on()) {
            assertThat(GradMode.isOn()).isTrue();
            assertThatThrownBy(off::close).isInstanceOf(IllegalStateException.class);
        }
        assertThat(GradMode.isOn()).isFalse();
        assertThat(failureOn(Thread.ofPlatform(), off::close)).isInstanceOf(IllegalStateException.class);
        off.close();
        assertThatThrownBy(off::close).isInstanceOf(IllegalStateException.class);
        assertThat(GradMode.isOn()).isTrue();
    }

    @Test
    void what_libtorch_refuses_is_an_exception() {
        try (Scope _ = Scope.open()) {
            Tensor p = Tensors.zeros(DType.F32, 2).requiresGrad(true);
            assertThatThrownBy(() -> p.add_(1.0))
                    .isInstanceOf(RuntimeException.class)
                    .hasMessageContaining("leaf");
            assertThatThrownBy(() -> p.view(3)).isInstanceOf(RuntimeException.class);
            assertThatThrownBy(() -> p.narrow(0, 1, 5)).isInstanceOf(RuntimeException.class);
            assertThatThrownBy(() -> Tensors.zeros(new Device("cuda:7"), DType.F32, 1))
                    .isInstanceOf(RuntimeException.class);
            Tensor table = Tensors.zeros(DType.F32, 4, 2);
            assertThatThrownBy(() -> Nn.embedding(table, Tensors.of(new int[] {4}, 1)))
                    .isInstanceOf(RuntimeException.class);
        }
        assertThatThrownBy(() -> new Device("tpu")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thousands_of_training_steps_leave_no_handle_behind() {
        Tensor w;
        Tensor m;
        Tensor v;
        Tensor step;
        try (Scope _ = Scope.open()) {
            w = Tensors.randn(1, 8, 8).retained().requiresGrad(true);
            m = Tensors.zerosLike(w).retained();
            v = Tensors.zerosLike(w).retained();
            step = Tensors.zeros(DType.F32).retained();
        }
        List<Long> live = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            try (Scope _ = Scope.open()) {
                Tensor x = Tensors.randn(i, 4, 8);
                Tensor y = Scope.of(() -> Nn.silu(x.matmul(w).add(1.0)));
                y.mul(y).mean().backward();
                Foreach.mul_(List.of(w.grad()), 1 / (1 + Foreach.norm(List.of(w.grad()))));
                step.add_(1);
                Foreach.adamw_(
                        new Foreach.AdamW(1e-3, 0.9, 0.95, 1e-8, 0.1),
                        List.of(w),
                        List.of(w.grad()),
                        List.of(m),
                        List.of(v),
                        List.of(step));
                w.clearGrad();
            }
            if (i == 10 || i == 1500 || i == 2999) {
                live.add(LibTorch.liveHandles());
            }
        }
        assertThat(live.get(2)).isEqualTo(live.get(1)).isLessThanOrEqualTo(live.get(0));
        List.of(w, m, v, step).forEach(Tensor::close);
    }

    @SuppressWarnings("ThreadJoinLoop") // the test waits for its own thread
    private static Throwable failureOn(Thread.Builder builder, Runnable work) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = builder.unstarted(() -> {
            try {
                work.run();
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        thread.start();
        thread.join();
        return failure.get();
    }
}

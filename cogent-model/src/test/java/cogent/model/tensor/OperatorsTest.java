package cogent.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperatorsTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void arrays_go_in_and_come_out() {
        assertThat(Tensors.of(new float[] {1, -2.5f, 3}, 3).toFloats()).containsExactly(1, -2.5f, 3);
        assertThat(Tensors.of(new int[] {7, -1}, 2).toLongs()).containsExactly(7, -1);
        assertThat(Tensors.of(new long[] {Long.MAX_VALUE}, 1).toLongs()).containsExactly(Long.MAX_VALUE);
        assertThat(Tensors.of(new float[0], 0, 4).shape()).containsExactly(0, 4);
        Tensor t = Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertThat(t.transpose(0, 1).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(t.to(DType.BF16).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThatThrownBy(() -> Tensors.of(new float[3], 2, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void random_values_depend_on_their_seed_alone() {
        float[] first = Tensors.randn(7, 5).toFloats();
        var unused = Tensors.randn(8, 100);
        assertThat(Tensors.randn(7, 5).toFloats()).isEqualTo(first);
        assertThat(unused.toFloats()).doesNotContain(first[0]);
        assertThat(Tensors.rand(1, 1000).mean().item()).isCloseTo(0.5, within(0.05));
    }

    @Test
    void arithmetic_means_what_it_says() {
        Tensor a = Tensors.of(new float[] {1, 4, 9}, 3);
        assertThat(a.sqrt().toFloats()).containsExactly(1, 2, 3);
        assertThat(a.add(1.0).sub(2.0).mul(2.0).div(4.0).toFloats()).containsExactly(0, 1.5f, 4);
        assertThat(a.pow(2).neg().abs().toFloats()).containsExactly(1, 16, 81);
        assertThat(a.gt(2).toLongs()).containsExactly(0, 1, 1);
        assertThat(a.lt(2).not().and(a.ne(9)).toLongs()).containsExactly(0, 1, 0);
        assertThat(a.clamp(2, 5).toFloats()).containsExactly(2, 4, 5);
        assertThat(a.sum().item()).isEqualTo(14);
        assertThat(a.argmax(0).item()).isEqualTo(2);
        assertThat(a.cumsum(0).toFloats()).containsExactly(1, 5, 14);
        assertThat(a.topk(2, 0).indices().toLongs()).containsExactly(2, 1);
        assertThat(a.sort(0, false).values().toFloats()).containsExactly(1, 4, 9);
        assertThat(Tensors.where(a.eq(4), a.neg(), a).toFloats()).containsExactly(1, -4, 9);
        assertThat(a.logsumexp(0, false).item())
                .isCloseTo(Math.log(Math.exp(1) + Math.exp(4) + Math.exp(9)), within(1e-5));
        assertThat(Tensors.arange(3).add(2).toLongs()).containsExactly(2, 3, 4);
        assertThat(Nn.logSigmoid(Tensors.of(new float[] {-100, 0}, 2)).toFloats())
                .containsExactly(-100, (float) Math.log(0.5));
    }

    @Test
    void in_place_operators_change_their_tensor() {
        Tensor t = Tensors.zeros(DType.F32, 3, 2);
        t.indexAdd_(0, Tensors.of(new int[] {2, 2}, 2), Tensors.of(new float[] {1, 2, 3, 4}, 2, 2));
        assertThat(t.toFloats()).containsExactly(0, 0, 0, 0, 4, 6);
        t.scatterAdd_(1, Tensors.of(new int[] {1}, 1, 1), Tensors.full(5, DType.F32, 1, 1));
        assertThat(t.toFloats()).containsExactly(0, 5, 0, 0, 4, 6);
        t.indexPut_(
                List.of(Tensors.of(new int[] {0, 1}, 2), Tensors.of(new int[] {0, 1}, 2)),
                Tensors.of(new float[] {8, 9}, 2));
        assertThat(t.toFloats()).containsExactly(8, 5, 0, 9, 4, 6);
        t.addmm_(Tensors.full(1, DType.F32, 3, 1), Tensors.full(1, DType.F32, 1, 2), 0.5, 2);
        assertThat(t.toFloats()).containsExactly(6, 4.5f, 2, 6.5f, 4, 5);
        t.narrow(0, 0, 1).copy_(Tensors.full(-1, DType.F64, 1, 2));
        t.add_(t, -0.5).mul_(2.0).div_(4.0).exp_().fill_(3);
        assertThat(t.toFloats()).containsOnly(3);
    }

    @Test
    void attention_is_softmax_of_scores_with_shared_key_heads() {
        Tensor q = Tensors.randn(1, 1, 4, 5, 8);
        Tensor k = Tensors.randn(2, 1, 2, 5, 8);
        Tensor v = Tensors.randn(3, 1, 2, 5, 8);
        Tensor seen = Tensors.arange(5).unsqueeze(0).le(Tensors.arange(5).unsqueeze(1));
        Tensor scores = q.matmul(k.repeatInterleave(2, 1).transpose(2, 3)).mul(0.3);
        Tensor expected = Nn.softmax(scores.maskedFill(seen.not(), Double.NEGATIVE_INFINITY), -1)
                .matmul(v.repeatInterleave(2, 1));
        assertThat(Nn.attention(q, k, v, null, true, 0.3)
                        .sub(expected)
                        .abs()
                        .max()
                        .item())
                .isLessThan(1e-5);
        assertThat(Nn.attention(q, k, v, seen, false, 0.3)
                        .sub(expected)
                        .abs()
                        .max()
                        .item())
                .isLessThan(1e-5);
    }

    @Test
    void rms_norm_is_the_formula() {
        Tensor x = Tensors.randn(4, 3, 6);
        Tensor w = Tensors.randn(5, 6);
        Tensor expected = x.mul(x.mul(x).mean(-1, true).add(1e-6).rsqrt()).mul(w);
        assertThat(Nn.rmsNorm(x, w, 1e-6).sub(expected).abs().max().item()).isLessThan(1e-6);
    }

    @Test
    void backward_takes_an_upstream_gradient() {
        Tensor x = Tensors.of(new float[] {1, 2}, 2).requiresGrad(true);
        x.mul(x).backward(Tensors.of(new float[] {10, 1}, 2));
        assertThat(x.grad().toFloats()).containsExactly(20, 4);
        try (var _ = GradMode.off()) {
            assertThat(x.mul(2.0).requiresGrad()).isFalse();
            try (var _ = GradMode.on()) {
                assertThat(x.mul(2.0).requiresGrad()).isTrue();
            }
        }
        assertThat(x.detach().requiresGrad()).isFalse();
    }

    @Test
    void foreach_operators_reach_all_tensors() {
        Tensor a = Tensors.of(new float[] {3}, 1);
        Tensor b = Tensors.of(new float[] {0, 4}, 2);
        assertThat(Foreach.norm(List.of(a, b))).isEqualTo(5);
        Foreach.mul_(List.of(a, b), 2);
        Foreach.add_(List.of(a, b), List.of(a.copy(), b.copy()), 0.5);
        assertThat(a.item()).isEqualTo(9);
        assertThat(b.toFloats()).containsExactly(0, 12);
        Foreach.zero_(List.of(a, b));
        assertThat(Foreach.norm(List.of(a, b))).isZero();
    }

    /** Against the update rule of the paper in double precision. */
    @Test
    void fused_adamw_is_the_papers_update() {
        Tensor p = Tensors.of(new float[] {1}, 1);
        Tensor m = Tensors.zeros(DType.F32, 1);
        Tensor v = Tensors.zeros(DType.F32, 1);
        Tensor steps = Tensors.zeros(DType.F32);
        double w = 1;
        double m1 = 0;
        double v1 = 0;
        for (int t = 1; t <= 4; t++) {
            double g = 0.3 * t - 0.5;
            steps.fill_(t);
            Foreach.adamw_(
                    new Foreach.AdamW(0.01, 0.9, 0.95, 1e-8, 0.1),
                    List.of(p),
                    List.of(Tensors.full(g, DType.F32, 1)),
                    List.of(m),
                    List.of(v),
                    List.of(steps));
            w -= 0.01 * 0.1 * w;
            m1 = 0.9 * m1 + 0.1 * g;
            v1 = 0.95 * v1 + 0.05 * g * g;
            w -= 0.01 * (m1 / (1 - Math.pow(0.9, t))) / (Math.sqrt(v1 / (1 - Math.pow(0.95, t))) + 1e-8);
        }
        assertThat(p.item()).isCloseTo(w, within(1e-6));
    }

    @Test
    void mapped_memory_is_used_without_a_copy_and_stays_while_a_view_lives() throws Exception {
        Tensor part;
        MemorySegment probe;
        try (Scope inner = Scope.open()) {
            MemorySegment memory = Arena.ofAuto().allocate(4 * 4 + 1, 1).asSlice(1, 16);
            memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 8, 42f);
            Tensor all = Memory.view(memory, DType.F32, 2, 2);
            assertThat(all.toFloats()).containsExactly(0, 0, 42, 0);
            memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 12, 43f);
            probe = memory;
            part = inner.keep(all.select(0, 1));
        }
        probe = null;
        System.gc();
        assertThat(part.toFloats()).containsExactly(42, 43);
        assertThat(probe).isNull();
        assertThatThrownBy(() -> Memory.view(Arena.ofAuto().allocate(7), DType.F32, 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Memory.view(MemorySegment.ofArray(new byte[8]), DType.F32, 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void raw_bytes_come_out_in_order() throws Exception {
        var bytes = new ByteArrayOutputStream();
        Memory.write(
                Tensors.of(new float[] {1, 2, 3, 4}, 2, 2).transpose(0, 1).to(DType.BF16), Channels.newChannel(bytes));
        ByteBuffer read = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(read.remaining()).isEqualTo(8);
        assertThat(new short[] {read.getShort(), read.getShort(), read.getShort(), read.getShort()})
                .containsExactly((short) 0x3f80, (short) 0x4040, (short) 0x4000, (short) 0x4080);
    }
}

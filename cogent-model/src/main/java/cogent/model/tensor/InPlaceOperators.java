package cogent.model.tensor;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptionalList;

/** What changes a tensor in place: the underscored operators of {@link Tensor}, in a file of their own. */
abstract sealed class InPlaceOperators extends Operators permits Tensor {
    // ---- in place (each returns this)

    public Tensor add_(Tensor other) {
        return add_(other, 1.0);
    }

    /** this += alpha · other. */
    public Tensor add_(Tensor other, double alpha) {
        raw().add_(other.raw(), new Scalar(alpha));
        return self();
    }

    public Tensor add_(double value) {
        raw().add_(new Scalar(value));
        return self();
    }

    public Tensor sub_(Tensor other) {
        raw().sub_(other.raw());
        return self();
    }

    public Tensor mul_(Tensor other) {
        raw().mul_(other.raw());
        return self();
    }

    public Tensor mul_(double value) {
        raw().mul_(new Scalar(value));
        return self();
    }

    public Tensor div_(Tensor other) {
        raw().div_(other.raw());
        return self();
    }

    public Tensor div_(double value) {
        raw().div_(new Scalar(value));
        return self();
    }

    public Tensor exp_() {
        raw().exp_();
        return self();
    }

    public Tensor fill_(double value) {
        raw().fill_(new Scalar(value));
        return self();
    }

    public Tensor zero_() {
        raw().zero_();
        return self();
    }

    /** Copies the values of the other, converted and broadcast. */
    public Tensor copy_(Tensor other) {
        raw().copy_(other.raw());
        return self();
    }

    /** this = beta · this + alpha · a b. */
    public Tensor addmm_(Tensor a, Tensor b, double beta, double alpha) {
        if (SharedGemm.fits(self(), a, b)) {
            SharedGemm.add(self(), a, b, beta, alpha);
        } else {
            raw().addmm_(a.raw(), b.raw(), new Scalar(beta), new Scalar(alpha));
        }
        return self();
    }

    public Tensor scatter_(int dim, Tensor index, double value) {
        raw().scatter_(dim, index.raw(), new Scalar(value));
        return self();
    }

    public Tensor scatterAdd_(int dim, Tensor index, Tensor source) {
        raw().scatter_add_(dim, index.raw(), source.raw());
        return self();
    }

    public Tensor indexAdd_(int dim, Tensor index, Tensor source) {
        raw().index_add_(dim, index.raw(), source.raw());
        return self();
    }

    /** Slices {@code index[i]} of the dimension = slices i of the source. */
    public Tensor indexCopy_(int dim, Tensor index, Tensor source) {
        raw().index_copy_(dim, index.raw(), source.raw());
        return self();
    }

    /** this[index[0], index[1], …] = values; without accumulation, duplicate indices write in no set order. */
    public Tensor indexPut_(List<Tensor> index, Tensor values) {
        var list = new TensorOptionalList();
        for (Tensor t : index) {
            list.push_back(new TensorOptional(t.raw()));
        }
        raw().index_put_(list, values.raw(), false);
        return self();
    }
}

#pragma once

#include "core/model/weights.h"

#include <array>
#include <memory>
#include <vector>

namespace bs {

/// One decoder layer in f32, owned: what compression works on, a layer at a time.
struct DenseLayer
{
    std::array<std::vector<float>, kSlots> values; ///< [rows, cols], by slot
    LayerWeights weights;                          ///< views of `values`, and the norms

    DenseLayer() = default;
    DenseLayer(DenseLayer&&) = default;
    DenseLayer& operator=(DenseLayer&&) = default;
    DenseLayer(const DenseLayer&) = delete; // the views would point into the other one
    DenseLayer& operator=(const DenseLayer&) = delete;
    ~DenseLayer() = default;

    std::vector<float>& operator[](Slot slot) { return values[static_cast<std::size_t>(slot)]; }
};

/// A dense layer whose linears lie on a card, too.
struct HeldLayer
{
    std::array<std::unique_ptr<HeldMatrix>, kSlots> matrices;
    LayerWeights weights; ///< views of the dense layer, which must outlive this, and of `matrices`
};

/// Puts a layer's linears on a card; `device` may be nullptr: the processor alone. Errors: as MatrixDevice::hold.
Result<HeldLayer> holdLayer(const DenseLayer& dense, MatrixDevice* device);

/// Errors: Usage (the model is a stack already), Io, Numeric (NaN or infinity: tensor and position named).
Result<DenseLayer> readDenseLayer(const ModelSource& source, std::uint32_t layer);

/// The tensor as f32, refused if a value is NaN or infinite (Numeric: tensor, row and column named).
Result<std::vector<float>> readFiniteTensor(const ModelSource& source, const std::string& name);

} // namespace bs

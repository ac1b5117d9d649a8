#pragma once

#include "core/model/weights.h"

#include <array>
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

/// Errors: Usage (the model is a stack already), Io, Numeric (NaN or infinity: tensor and position named).
Result<DenseLayer> readDenseLayer(const ModelSource& source, std::uint32_t layer);

/// The tensor as f32, refused if a value is NaN or infinite (Numeric: tensor, row and column named).
Result<std::vector<float>> readFiniteTensor(const ModelSource& source, const std::string& name);

} // namespace bs

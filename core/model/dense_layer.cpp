#include "core/model/dense_layer.h"

#include <algorithm>
#include <cmath>

namespace bs {

Result<std::vector<float>> readFiniteTensor(const ModelSource& source, const std::string& name)
{
    BS_TRY(std::vector<float> values, readTensor(source, name));
    const auto bad = std::find_if(values.begin(), values.end(), [](float v) { return !std::isfinite(v); });
    if (bad == values.end())
        return values;
    const auto position = static_cast<std::uint64_t>(bad - values.begin());
    const std::uint64_t cols = source.tensors.at(name).desc.shape.back();
    return Error{ErrorCode::Numeric, source.path + ": tensor " + name + " holds " + std::to_string(*bad) + " at row " +
                                         std::to_string(position / cols) + ", column " + std::to_string(position % cols) +
                                         "; such a model cannot be used"};
}

Result<DenseLayer> readDenseLayer(const ModelSource& source, std::uint32_t layer)
{
    if (source.container)
        return Error{ErrorCode::Usage, source.path + ": is compressed already"};
    DenseLayer dense;
    const auto names = linearNames(layer);
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        const std::string name = names[slot] + ".weight";
        BS_TRY(dense.values[slot], readFiniteTensor(source, name));
        const auto& shape = source.tensors.at(name).desc.shape;
        Linear& linear = dense.weights.linears[slot];
        linear.rows = shape[0];
        linear.cols = shape[1];
        linear.matrix = {DType::F32, shape[0], shape[1], reinterpret_cast<const std::byte*>(dense.values[slot].data())};
    }
    for (const LayerVector& vector : layerVectors(source.config, layer)) {
        BS_TRY(dense.weights.*vector.member, readFiniteTensor(source, vector.name));
    }
    return dense;
}

Result<HeldLayer> holdLayer(const DenseLayer& dense, MatrixDevice* device)
{
    HeldLayer held;
    held.weights = dense.weights;
    for (std::size_t slot = 0; device != nullptr && slot < kSlots; ++slot) {
        Linear& linear = held.weights.linears[slot];
        BS_TRY(held.matrices[slot], device->hold(dense.values[slot].data(), linear.rows, linear.cols));
        linear.held = held.matrices[slot].get();
    }
    return held;
}

} // namespace bs

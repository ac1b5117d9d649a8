#include "core/formats/container_layout.h"

#include "core/base/hash.h"
#include "core/base/json_guard.h"
#include "core/tensor/block_formats.h"

#include <array>
#include <charconv>

namespace bs::layout {

namespace {

/// The order is made; a stack of thousands of blocks keeps its gains for people to look at.
constexpr int kNestedGainDigits = 3;

TensorDesc bytesTensor(std::string name, std::uint64_t bytes)
{
    return TensorDesc{std::move(name), DType::U8, {bytes}, 0, bytes};
}

void appendPadded(std::vector<TensorDesc>& to, TensorDesc tensor)
{
    const std::uint64_t padding = padded(tensor.bytes) - tensor.bytes;
    const std::string name = tensor.name;
    to.push_back(std::move(tensor));
    if (padding > 0) to.push_back(bytesTensor(name + kPaddingSuffix, padding));
}

/// A number with so many significant digits, or with all it has (0).
void appendNumber(std::string& to, double number, int digits)
{
    std::array<char, 32> text{};
    char* const first = text.data();
    char* const last = first + text.size();
    const auto [end, failed] =
        digits > 0 ? std::to_chars(first, last, number, std::chars_format::general, digits)
                   : std::to_chars(first, last, number);
    to.append(first, end);
}

void appendMatrix(std::string& to, const StackMatrix& matrix,
                  const std::vector<ContainerBlock>& blocks, std::uint32_t depth, int gainDigits)
{
    to += "{\"name\":";
    appendJsonString(to, matrix.name);
    to += ",\"rows\":" + std::to_string(matrix.rows) + ",\"cols\":" + std::to_string(matrix.cols);
    to += std::string(R"(,"linear":)") + (matrix.linear ? "true" : "false") + R"(,"gains":[)";
    for (std::uint32_t i = 0; i < depth; ++i) {
        if (i > 0) to += ',';
        appendNumber(to, blocks[i].gain, gainDigits);
    }
    to += "],\"checksums\":[";
    for (std::uint32_t i = 0; i < depth; ++i)
        to += (i > 0 ? ",\"" : "\"") + hexOf(blocks[i].checksum) + '"';
    to += "]}";
}

constexpr int kRiseDigits = 5;

/// The field `predicted` with the first `count` entries and the comma before it; "" without entries.
std::string predictedText(const std::vector<PredictedRise>& predicted, std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += (i > 0 ? ",{\"budget_bytes\":" : ",\"predicted\":[{\"budget_bytes\":") +
                std::to_string(predicted[i].budgetBytes) + ",\"predicted_rise\":";
        appendNumber(text, predicted[i].predictedRise, kRiseDigits);
        text += ",\"measured_rise\":";
        appendNumber(text, predicted[i].measuredRise, kRiseDigits);
        text += '}';
    }
    return text + (count > 0 ? "]" : "");
}

/// The JSON text under kMetadataKey.
std::string metadataText(const Container& container, const Plan& plan, std::size_t predicted)
{
    const KeptOrder kept = keptOrder(container.stack, plan);
    const int gainDigits = container.codec == kNested ? kNestedGainDigits : 0;
    std::string text = "{\"version\":" + std::to_string(kVersion) + ",\"codec\":";
    appendJsonString(text, container.codec);
    text += ",\"provenance\":{";
    for (const auto& [key, value] : container.provenance) {
        if (text.back() != '{') text += ',';
        appendJsonString(text, key);
        text += ':';
        appendJsonString(text, value);
    }
    text += "},\"smallest\":" + std::to_string(kept.smallestCount) + ",\"matrices\":[";
    for (std::size_t m = 0; m < container.stack.matrices.size(); ++m) {
        if (m > 0) text += ',';
        appendMatrix(text, container.stack.matrices[m], container.blocks[m], plan.depth[m],
                     gainDigits);
    }
    text += "],\"order\":[";
    for (std::size_t i = 0; i < kept.order.size(); ++i)
        text += (i > 0 ? "," : "") + std::to_string(kept.order[i].matrix);
    return text + "]" + predictedText(container.predicted, predicted) + "}";
}

Error shapeError(const TensorDesc& part, const std::string& expected)
{
    return Error{ErrorCode::Shape, "tensor '" + printable(part.name) + "' is " +
                                       std::string(infoOf(part.dtype).name) + " " +
                                       part.shapeText() + ", expected is " + expected};
}

Result<void> checkNestedPart(const StackMatrix& matrix, const TensorDesc& part)
{
    if (matrix.rows > kMaxNestedSide || matrix.cols > kMaxNestedSide)
        return Error{ErrorCode::Shape, "nested matrix '" + printable(matrix.name) + "' is " +
                                           std::to_string(matrix.rows) + " x " +
                                           std::to_string(matrix.cols) + ", at most " +
                                           std::to_string(kMaxNestedSide) +
                                           " rows and columns are allowed"};
    if (part.dtype == DType::U8 && part.shape.size() == 1 && part.bytes > 0 &&
        part.bytes % kTensorAlignment == 0)
        return {};
    return shapeError(part, "U8 [a multiple of " + std::to_string(kTensorAlignment) + "]");
}

Result<void> checkPart(const TensorDesc& part, DType type, std::uint64_t rows, std::uint64_t cols)
{
    if (part.dtype == type && part.shape == std::vector{rows, cols}) return {};
    return shapeError(part, std::string(infoOf(type).name) + " [" + std::to_string(rows) + ", " +
                                std::to_string(cols) + "]");
}

} // namespace

std::uint64_t paddedBytes(const std::vector<TensorDesc>& parts)
{
    std::uint64_t bytes = 0;
    for (const TensorDesc& part : parts)
        bytes += padded(part.bytes);
    return bytes;
}

std::string blockText(const StackMatrix& matrix, std::size_t index)
{
    return "block " + std::to_string(index) + " of " + printable(matrix.name);
}

Result<void> checkCodec(const std::string& codec)
{
    if (isKnownCodec(codec)) return {};
    return Error{ErrorCode::Unsupported, "the codec is '" + printable(codec) +
                                             "', this program knows '" + kBitstack + "' and '" +
                                             kNested + "'"};
}

Result<void> checkParts(const std::string& codec, const StackMatrix& matrix,
                        const std::vector<TensorDesc>& parts, const std::vector<TensorDesc>& first)
{
    if (codec == kNested) return checkNestedPart(matrix, parts[0]);
    if (!matrix.linear) {
        if (parts[0].shape != std::vector{matrix.rows, matrix.cols} ||
            !isWeightType(parts[0].dtype))
            return shapeError(parts[0], "F16 [" + std::to_string(matrix.rows) + ", " +
                                            std::to_string(matrix.cols) + "]");
        return {};
    }
    const TensorDesc& u = parts[1];
    if (matrix.cols % 8 != 0)
        return Error{ErrorCode::Shape, printable(matrix.name) + " has " +
                                           std::to_string(matrix.cols) +
                                           " columns, a multiple of 8 is expected"};
    BS_CHECK(checkPart(parts[0], DType::U8, matrix.rows, matrix.cols / 8));
    if (u.shape.size() != 2 || u.shape[1] == 0)
        return shapeError(u, "F16 [" + std::to_string(matrix.rows) + ", rank]");
    BS_CHECK(checkPart(u, DType::F16, matrix.rows, first[1].shape.back()));
    return checkPart(parts[2], DType::F16, u.shape[1], matrix.cols);
}

KeptOrder keptOrder(const Stack& stack, const Plan& plan)
{
    KeptOrder kept;
    for (std::size_t i = 0; i < stack.order.size(); ++i) {
        if (i == stack.smallestCount) kept.smallestCount = kept.order.size();
        if (stack.order[i].index < plan.depth[stack.order[i].matrix])
            kept.order.push_back(stack.order[i]);
    }
    if (stack.smallestCount >= stack.order.size()) kept.smallestCount = kept.order.size();
    return kept;
}

std::vector<TensorDesc> fileTensors(const Container& container, const Plan& plan)
{
    std::vector<TensorDesc> tensors;
    appendPadded(tensors, bytesTensor(kConfigName, container.configText.size()));
    if (!container.packedTokenizer.empty())
        appendPadded(tensors, bytesTensor(kPackedTokenizerName, container.packedTokenizer.size()));
    for (const TensorDesc& tensor : container.tensors)
        appendPadded(tensors, tensor);
    for (const StackBlock& block : keptOrder(container.stack, plan).order)
        for (const TensorDesc& part : container.blocks[block.matrix][block.index].parts)
            appendPadded(tensors, part);
    return tensors;
}

std::string headerText(const Container& container, const Plan& plan)
{
    const std::vector<TensorDesc> tensors = fileTensors(container, plan);
    const std::uint64_t dataBytes = dataBytesOf(container, plan);
    // A prediction counts itself: without the last one the file may be smaller. So the longest list
    // whose sizes are all within the file that holds it; trimming that file keeps the same list.
    for (std::size_t predicted = container.predicted.size();; --predicted) {
        std::string text = safetensorsHeader(
            tensors, {{kMetadataKey, metadataText(container, plan, predicted)}}, kDataAlignment);
        if (predicted == 0 || container.predicted[predicted - 1].budgetBytes <= text.size() + dataBytes)
            return text;
    }
}

} // namespace bs::layout

#include "core/model/open.h"

#include <string_view>

namespace bs {

namespace {

using Slabs = std::map<std::uint64_t, const StackMatrix*>; ///< by first row

std::string shapeText(std::uint64_t rows, std::uint64_t cols)
{
    return "[" + std::to_string(rows) + ", " + std::to_string(cols) + "]";
}

/// The slabs of a matrix must be as wide as it is and follow one another without a gap.
Result<void> checkSlabs(const Slabs& slabs, const ExpectedTensor& expected, bool linear)
{
    std::uint64_t rows = 0;
    for (const auto& [firstRow, slab] : slabs) {
        if (firstRow != rows)
            return Error{ErrorCode::Shape, "matrix " + slab->name + " begins with row " + std::to_string(firstRow) +
                                               ", the slabs of " + expected.name + " before it end with row " +
                                               std::to_string(rows)};
        if (slab->cols != expected.shape[1] || slab->rows > expected.shape[0] - rows)
            return Error{ErrorCode::Shape, "matrix " + slab->name + " is " + shapeText(slab->rows, slab->cols) +
                                               ", the config asks for " +
                                               shapeText(expected.shape[0], expected.shape[1])};
        if (slab->linear != linear)
            return Error{ErrorCode::Format, "matrix " + slab->name + " is marked as the wrong kind"};
        if (slab->blockBytes.empty())
            return Error{ErrorCode::Format, "matrix " + slab->name + " has no block"};
        rows += slab->rows;
    }
    if (rows == expected.shape[0])
        return {};
    return Error{ErrorCode::Shape, "matrix " + expected.name + " has " + std::to_string(rows) +
                                       " rows, the config asks for " + std::to_string(expected.shape[0])};
}

/// The stack must hold exactly the matrices of the config, with its shapes.
Result<void> checkMatrices(const ModelSource& source)
{
    const bool nested = source.container->codec == "nested";
    std::map<std::string, Slabs> held;
    for (const StackMatrix& matrix : source.container->stack.matrices) {
        const SlabName slab = nested ? slabOf(matrix.name) : SlabName{matrix.name, 0};
        if (!held[slab.matrix].emplace(slab.firstRow, &matrix).second)
            return Error{ErrorCode::Format, "matrix " + matrix.name + " is in the stack twice"};
    }
    std::vector<ExpectedTensor> expected = expectedLinears(source.config);
    const std::size_t linears = expected.size();
    for (ExpectedTensor whole : expectedWhole(source.config)) {
        whole.name.resize(whole.name.size() - std::string_view(".weight").size());
        expected.push_back(std::move(whole));
    }
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto found = held.find(expected[i].name);
        if (found == held.end())
            return Error{ErrorCode::Format, "matrix " + expected[i].name + " is missing from the stack"};
        BS_CHECK(checkSlabs(found->second, expected[i], i < linears));
    }
    if (held.size() != expected.size())
        return Error{ErrorCode::Format, "the stack holds " + std::to_string(held.size()) +
                                            " matrices, the config asks for " + std::to_string(expected.size())};
    return {};
}

Result<ModelSource> fromContainer(Container container, const std::string& path)
{
    ModelSource source;
    source.format = ModelFormat::Bitstack;
    source.path = path;
    source.files = {container.file};
    source.bytes = container.file->size();
    BS_TRY(source.config, parseHuggingFaceConfig(container.configText));
    if (!container.tokenizerText.empty()) {
        BS_TRY(source.tokenizer, tokenizerSpecFromJson(container.tokenizerText));
    }
    for (const TensorDesc& desc : container.tensors) {
        source.tensors[desc.name] = {desc, 0, false};
        source.parameters += desc.elements();
    }
    for (const StackMatrix& matrix : container.stack.matrices)
        source.parameters += matrix.rows * matrix.cols;
    source.container = std::move(container);
    BS_CHECK(checkNorms(source));
    BS_CHECK(checkMatrices(source));
    return source;
}

} // namespace

Result<ModelSource> openBitstack(const std::string& path)
{
    BS_TRY(Container container, openContainer(path));
    auto source = fromContainer(std::move(container), path);
    if (!source && source.error().message.rfind(path, 0) != 0)
        return std::move(source).error().in(path);
    return source;
}

} // namespace bs

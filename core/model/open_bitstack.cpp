#include "core/model/open.h"

#include <string_view>

namespace bs {

namespace {

/// The stack must hold exactly the matrices of the config, with its shapes.
Result<void> checkMatrices(const ModelSource& source)
{
    std::map<std::string, const StackMatrix*> held;
    for (const StackMatrix& matrix : source.container->stack.matrices)
        held[matrix.name] = &matrix;
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
        const StackMatrix& matrix = *found->second;
        if (matrix.rows != expected[i].shape[0] || matrix.cols != expected[i].shape[1])
            return Error{ErrorCode::Shape, "matrix " + matrix.name + " is [" + std::to_string(matrix.rows) + ", " +
                                               std::to_string(matrix.cols) + "], the config asks for [" +
                                               std::to_string(expected[i].shape[0]) + ", " +
                                               std::to_string(expected[i].shape[1]) + "]"};
        if (matrix.linear != (i < linears))
            return Error{ErrorCode::Format, "matrix " + matrix.name + " is marked as the wrong kind"};
    }
    if (held.size() != expected.size() || source.container->stack.matrices.size() != expected.size())
        return Error{ErrorCode::Format, "the stack holds " + std::to_string(source.container->stack.matrices.size()) +
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
    if (container.codec != "bitstack")
        return Error{ErrorCode::Unsupported, "codec '" + container.codec.substr(0, 60) +
                                                 "' is not supported by this version; it knows 'bitstack'"};
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

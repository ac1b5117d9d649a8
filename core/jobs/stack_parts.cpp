#include "core/jobs/stack_parts.h"

#include "core/jobs/version.h"

#include <filesystem>

namespace bs {

ContainerContent commonContent(const CompressRequest& request, const ModelSource& source, const CalibrationText& text,
                               const std::string& modelHash)
{
    ContainerContent content;
    content.codec = request.codec;
    content.configText = huggingFaceConfigText(source.config);
    if (source.tokenizer)
        content.tokenizerText = toJson(*source.tokenizer);
    std::error_code ignored;
    content.provenance = {
        {"source_hash", modelHash},
        {"source_path", std::filesystem::absolute(source.path, ignored).string()},
        {"calibration", text.origin},
        {"calibration_tokens", std::to_string(text.tokens.size())},
        {"order", request.authorsOrder ? "authors" : "ours"},
        {"program", std::string("bitstack ") + programVersion()},
    };
    return content;
}

} // namespace bs

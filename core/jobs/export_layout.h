#pragma once

// What an export writes, before it is written: sizes are known, no weight has been read.

#include "core/base/progress.h"
#include "core/formats/container.h"
#include "core/jobs/export.h"
#include "core/model/source.h"

#include <memory>
#include <string>
#include <vector>

namespace bs {

/// One file: its beginning, then tensors one after another. A text file is a beginning alone.
struct ExportFile
{
    std::string name; ///< inside the folder; empty: the output itself
    std::string start;
    std::vector<PendingTensor> tensors;
    std::uint64_t alignment = 1; ///< tensors are padded with zeros to it

    std::uint64_t bytes() const;
};

/// The model to be written at its size.
struct ExportSource
{
    std::shared_ptr<const ModelSource> model;
    ChosenSize size;
    ExportType type = ExportType::F16;
    std::string manifest; ///< JSON
    JobContext context;
};

inline constexpr const char* kManifestName = "bitstack_manifest.json";

// One for each form. Errors: Usage, Unsupported.
Result<std::vector<ExportFile>> safetensorsFiles(const ExportSource& source);
Result<std::vector<ExportFile>> ggufFiles(const ExportSource& source);
Result<std::vector<ExportFile>> authorsFiles(const ExportSource& source);

/// config.json with the ids that end an answer, and the tokenizer's files where there is one.
Result<std::vector<ExportFile>> describingFiles(const ExportSource& source);

/// A tensor of the model as F16, F32 or Q8_0 under another name. `permute`: q or k of a GGUF file
/// of architecture llama, of heads `headDim` wide.
PendingTensor exportedTensor(const ExportSource& source, const std::string& modelName,
                             const std::string& name, const std::vector<std::uint64_t>& shape,
                             DType type, bool permute = false);

/// Fills in `bytes` of the descriptor from its dtype and shape.
void setBytes(TensorDesc& desc);
std::vector<TensorDesc> descriptorsOf(const std::vector<PendingTensor>& tensors);

/// Writes a file, or a folder of them, that appears under its name when it is complete. Errors:
/// Exists, Usage, Io, what the tensors return.
Result<void> writeExportedFile(const ExportFile& file, const std::string& output, bool force,
                               const JobContext& context);
Result<void> writeExportedFolder(const std::vector<ExportFile>& files, const std::string& output,
                                 bool force, const JobContext& context);

} // namespace bs

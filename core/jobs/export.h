#pragma once

#include "core/base/progress.h"
#include "core/jobs/size_choice.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bs {

/// The forms that a model can leave in.
enum class ExportForm {
    Safetensors, ///< a Hugging Face folder in F16
    Gguf,        ///< one file for llama.cpp
    Authors,     ///< a checkpoint folder of the BitStack authors; codec `bitstack` only
    Trim,        ///< a .bitstack file, as trimModel
};
/// "safetensors", "gguf", "authors", "trim". Errors of the latter: Usage (names the text).
const char* nameOf(ExportForm form);
Result<ExportForm> exportFormOf(const std::string& name);

/// What the matrices of a GGUF file are stored as.
enum class ExportType { F16, Q8_0 };
/// "F16", "Q8_0"; read in either case. Errors of the latter: Usage.
const char* nameOf(ExportType type);
Result<ExportType> exportTypeOf(const std::string& name);

struct ExportRequest
{
    std::string model;
    SizeChoice size;
    ExportForm form = ExportForm::Safetensors;
    ExportType type = ExportType::F16; ///< of GGUF
    std::string output;                ///< a folder for Safetensors and Authors, otherwise a file
    bool force = false;
};

struct ExportResult
{
    std::uint64_t bytes = 0; ///< of all files
    std::vector<std::string> files;
};

/// What exportModel would write, to the byte; nothing is written. Errors: as exportModel.
Result<ExportResult> forecastExport(const ExportRequest& request);

/// Writes the model at a size for other programs. Matrices are decoded one at a time. The output
/// appears under its name when it is complete; nothing is left of one that failed. Folders hold
/// bitstack_manifest.json, a GGUF file the key bitstack.manifest: program, source, codec and plan.
/// Errors: as openModel and chooseSize; Usage (form authors or trim of what is no stack of the
/// codec; the output is the model itself; a folder to be replaced that no export wrote), Exists,
/// Io, Format (a damaged block), Numeric (a weight that F16 cannot hold: tensor and place),
/// Unsupported (a tokenizer that has no such form), Canceled.
Result<ExportResult> exportModel(const ExportRequest& request, const JobContext& context);

} // namespace bs

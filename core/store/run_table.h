#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bs {

/// What all sizes of a run have in common, in words for a table.
struct RunInfo
{
    std::int64_t id = 0;
    std::string kind;
    std::string path;  ///< of the model or artifact it was asked for
    std::string data;  ///< of the text: its file's name and the beginning of its hash
    std::string sweep; ///< name of the sweep it is part of; may be empty
    std::string machine;
    std::string started; ///< UTC, as in RunRecord
    std::string state;
    std::string error;
    std::string note;
};

/// A file that was measured.
struct RunFile
{
    std::string path;
    std::string method; ///< as ArtifactRecord
    std::string modelPath;
};

/// One size that a run measured, with what was measured there; or a run that measured nothing
/// (`fileBytes` 0).
struct RunPoint
{
    std::shared_ptr<const RunInfo> run;  ///< never nullptr
    std::shared_ptr<const RunFile> file; ///< never nullptr
    std::uint64_t fileBytes = 0;
    std::optional<std::uint64_t> context;
    std::optional<double> perplexity;
    std::optional<double> perplexityError;
    std::optional<double> kld;     ///< mean
    std::optional<double> sameTop; ///< 0 to 1
    std::optional<double> tokensPerSecond;

    bool dense() const { return file->method == "dense"; }
};

using RunTable = std::vector<RunPoint>;

} // namespace bs

#pragma once

#include "core/base/folder_lock.h"
#include "core/base/result.h"
#include "core/codecs/bitstack/layout.h"
#include "core/codecs/nested/encoder.h"
#include "core/formats/container.h"

#include <string>
#include <vector>

namespace bs {

/// Where a compression keeps what is finished, `<output>.work/`, so that a run that was killed goes on from
/// there. Each file appears under its name only when it is complete.
class WorkFolder
{
public:
    /// Takes the folder for this run alone. Errors: Io; Exists (another program is at it).
    static Result<WorkFolder> open(const std::string& path);
    /// Makes it one of a run with these settings (any text that names model and options). What another run
    /// left there is kept only with `resume` and the same settings. Errors: Io.
    Result<void> begin(const std::string& settings, bool resume) const;

    struct Matrix
    {
        bitstack::Shape shape;
        std::vector<double> loss; ///< expected output error with 0, 1, .. blocks
    };
    bool hasMatrix(const std::string& name) const;
    Result<void> saveMatrix(const std::string& name, const Matrix& matrix, const std::vector<bitstack::Block>& blocks) const;
    Result<Matrix> loadMatrix(const std::string& name) const;
    /// The parts of a finished matrix's blocks, read when the container is written.
    Result<std::vector<PendingBlock>> pendingBlocks(const StackMatrix& matrix) const;

    /// The same for the codec `nested`.
    struct NestedMatrix
    {
        std::vector<double> price; ///< of each block
        std::vector<double> loss;  ///< expected loss with 0, 1, .. blocks
        std::vector<PendingBlock> blocks;
    };
    Result<void> saveNested(const std::string& name, const nested::Encoded& encoded) const;
    Result<NestedMatrix> loadNested(const StackMatrix& matrix) const;

    /// Prices of the blocks of all matrices, which must be the same in a run that goes on, and on whatever device it does.
    Result<void> savePrices(const std::vector<double>& prices) const;
    /// Empty: none are kept yet.
    std::vector<double> loadPrices() const;

    bool hasNorm(const std::string& name) const;
    Result<void> saveNorm(const std::string& name, const std::vector<float>& values) const;
    Result<PendingTensor> pendingNorm(const std::string& name) const;

    std::string file(const std::string& name) const { return m_path + "/" + name; }
    /// Deletes the folder.
    void remove() const;

private:
    WorkFolder(std::string path, FolderLock lock) : m_path(std::move(path)), m_lock(std::move(lock)) {}
    std::string m_path;
    FolderLock m_lock;
};

} // namespace bs

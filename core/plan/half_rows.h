#pragma once

#include "core/base/scratch_file.h"
#include "core/base/thread_pool.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bs {

/// Rows of f32 kept in a scratch file in half the bytes: f16 with a power of two for each row, so that
/// neither rows of large values overflow nor rows of small ones lose bits. Relative error at most 2^-11
/// of values down to 2^-28 of the row's largest.
class HalfRows
{
public:
    /// Writes finite values [n, width] to the end of `file`. Errors: Io.
    static Result<HalfRows> keep(const float* values, std::size_t n, std::size_t width, ScratchFile& file,
                                 ThreadPool& pool);

    /// Rows [first, first + n) to values [n, width], from the file that they were written to. Errors: Io.
    Result<void> read(const ScratchFile& file, std::size_t first, std::size_t n, float* values,
                      ThreadPool& pool) const;

private:
    std::size_t m_width = 0;
    std::uint64_t m_offset = 0;
    std::vector<float> m_scale; ///< [n]
};

} // namespace bs

#include "core/codecs/nested/decoder.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

/// Takes numbers and blocks from the input; zeros behind its end.
struct Input
{
    const std::uint8_t* data;
    std::size_t left;

    std::size_t number(std::size_t bytes)
    {
        std::size_t value = 0;
        const std::size_t n = std::min(bytes, left);
        if (n > 0) std::memcpy(&value, data, n); // an empty input may be a null pointer
        data += n;
        left -= n;
        return value;
    }
};

} // namespace

/// Rows - 1 and columns - 1 (2 bytes each), the number of blocks (1 byte), their sizes (4 bytes each), the
/// blocks. Reads them and, where that works, decodes the matrix in both ways there are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) // NOLINT(readability-identifier-naming): the fuzzer's name
{
    using namespace bs::nested;
    Input input{data, size};
    Shape shape;
    shape.rows = input.number(2) + 1;
    shape.cols = input.number(2) + 1;
    std::vector<std::size_t> sizes(input.number(1) % 9);
    for (std::size_t& bytes : sizes)
        bytes = input.number(4);
    std::vector<std::byte> area(input.left + sizes.size() * kAlignment);
    std::vector<std::span<const std::byte>> blocks;
    std::size_t at = 0;
    for (const std::size_t wanted : sizes) {
        const std::size_t bytes = std::min(wanted, input.left);
        if (bytes > 0)
            std::memcpy(area.data() + at, input.data, bytes);
        blocks.emplace_back(area.data() + at, bytes);
        input.data += bytes;
        input.left -= bytes;
        at += (bytes + kAlignment - 1) / kAlignment * kAlignment;
    }
    const auto read = readBlocks(shape, blocks, area.data());
    if (!read || shape.rows * shape.cols > 20'000)
        return 0;
    const Matrix& matrix = read.value();
    std::vector<float> W(shape.rows * shape.cols);
    decodeReference(matrix, W.data());
    std::vector<float> row(shape.cols);
    for (std::size_t i = 0; i < shape.rows; i += 17) {
        decodeRow(matrix, i, row.data());
        for (std::size_t j = 0; j < shape.cols; ++j) {
            const float want = W[i * shape.cols + j];
            if (std::isfinite(want) && !(std::abs(row[j] - want) <= 1e-4F * (1e-30F + std::abs(want))) && matrix.outliers.empty())
                std::abort();
        }
    }
    return 0;
}

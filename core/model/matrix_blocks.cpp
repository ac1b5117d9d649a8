#include "core/model/matrix_blocks.h"

#include "core/codecs/bitstack/product.h"
#include "core/codecs/nested/block_layout.h"
#include "core/codecs/nested/decoder.h"
#include "core/codecs/nested/sign_codes.h"
#include "core/model/decoded.h"
#include "core/tensor/block_formats.h"

#include <algorithm>
#include <memory>

namespace bs {

namespace {

const std::uint8_t* bytesOf(std::span<const std::byte> part)
{
    return reinterpret_cast<const std::uint8_t*>(part.data());
}

const std::uint16_t* halvesOf(std::span<const std::byte> part)
{
    return reinterpret_cast<const std::uint16_t*>(part.data());
}

Result<nested::Matrix> nestedMatrix(const Container& container, const StackMatrix& info,
                                    const std::vector<std::vector<std::span<const std::byte>>>& all,
                                    std::uint32_t depth, const std::byte* base)
{
    std::vector<std::span<const std::byte>> blocks;
    for (std::uint32_t i = 0; i < depth; ++i)
        blocks.push_back(all[i].front());
    auto read = nested::readBlocks({info.rows, info.cols}, blocks, base);
    if (!read) return std::move(read).error().in(container.file->path() + ": " + info.name);
    return read;
}

} // namespace

Result<MatrixBlocks> MatrixBlocks::read(const Container& container, std::uint32_t matrix,
                                        std::uint32_t depth)
{
    MatrixBlocks made(container, matrix);
    // All side by side: the reader of nested blocks takes distances from one base.
    std::size_t room = 0;
    for (std::uint32_t i = 0; i < depth; ++i)
        for (const TensorDesc& part : container.blocks[matrix][i].parts)
            room += nested::roundUp64(part.bytes);
    made.m_held.resize(room + nested::kAlignment);
    void* start = made.m_held.data();
    std::size_t left = made.m_held.size();
    made.m_base = static_cast<std::byte*>(std::align(nested::kAlignment, room, start, left));
    std::byte* at = made.m_base;
    for (std::uint32_t i = 0; i < depth; ++i) {
        BS_TRY(const auto parts, readBlock(container, {matrix, i}));
        auto& block = made.m_blocks.emplace_back();
        for (const std::vector<std::byte>& part : parts) {
            std::copy(part.begin(), part.end(), at);
            block.emplace_back(at, part.size());
            at += nested::roundUp64(part.size());
        }
    }
    return made;
}

void MatrixBlocks::decodeSigns(std::uint32_t depth, float* W) const
{
    std::fill_n(W, info().rows * info().cols, 0.0F);
    std::vector<float> added(info().rows * info().cols);
    for (std::uint32_t i = 0; i < depth; ++i) {
        const auto& parts = m_blocks[i];
        const bitstack::BlockView view{bytesOf(parts[0]), halvesOf(parts[1]), halvesOf(parts[2])};
        const std::uint64_t rank = m_container->blocks[m_matrix][i].parts[1].shape[1];
        bitstack::decodeRows({info().rows, info().cols, rank}, std::span(&view, 1), 0, info().rows,
                             added.data());
        for (std::size_t j = 0; j < added.size(); ++j)
            W[j] += added[j];
    }
}

Result<void> MatrixBlocks::decode(std::uint32_t depth, float* W) const
{
    BS_ASSERT(depth <= this->depth());
    if (depth == 0) {
        std::fill_n(W, info().rows * info().cols, 0.0F);
    } else if (m_container->codec == "nested") {
        BS_TRY(const nested::Matrix matrix,
               nestedMatrix(*m_container, info(), m_blocks, depth, m_base));
        nested::decode(matrix, W);
    } else if (info().linear) {
        decodeSigns(depth, W);
    } else {
        toFloat(m_container->blocks[m_matrix][0].parts[0].dtype, m_blocks[0][0].data(),
                info().rows * info().cols, W);
    }
    return {};
}

Result<void> MatrixBlocks::countCodes(SignCodes& to) const
{
    if (depth() == 0) return {};
    if (m_container->codec == "nested") {
        BS_TRY(const nested::Matrix matrix,
               nestedMatrix(*m_container, info(), m_blocks, depth(), m_base));
        nested::eachSignCode(matrix, SignCodes::kMostBits,
                             [&](unsigned bits, unsigned code) { ++to.counts[bits][code]; });
    } else if (info().linear) {
        const std::size_t bits = std::min<std::size_t>(depth(), SignCodes::kMostBits);
        for (std::size_t i = 0; i < info().rows * info().cols; ++i) {
            unsigned code = 0;
            for (std::size_t b = 0; b < bits; ++b) // a bit set is plus
                code = code * 2 + (1U ^ ((bytesOf(m_blocks[b][0])[i / 8] >> (7 - i % 8)) & 1U));
            ++to.counts[bits][code];
        }
    }
    return {};
}

} // namespace bs

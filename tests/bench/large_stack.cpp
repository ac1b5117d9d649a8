#include "tests/bench/large_stack.h"

#include "core/codecs/nested/block_layout.h"
#include "core/formats/container.h"
#include "core/model/open.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace bs::test {

namespace {

constexpr std::uint64_t kSlabRows = 32768;

/// What a matrix's blocks add to each of its tiles: the gains of the planes.
const std::vector<std::vector<std::uint8_t>> kBlocks{{128}, {121, 117}, {110}};
constexpr std::size_t kOutlierEvery = 2000; ///< weights, in block 1

class Random
{
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed * 0x9E3779B97F4A7C15ULL + 1)
    {
    }
    std::uint64_t next()
    {
        m_state ^= m_state << 13;
        m_state ^= m_state >> 7;
        m_state ^= m_state << 17;
        return m_state;
    }
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }

private:
    std::uint64_t m_state;
};

template <typename T>
void append(std::vector<std::byte>& bytes, const std::vector<T>& values)
{
    const auto* from = reinterpret_cast<const std::byte*>(values.data());
    bytes.insert(bytes.end(), from, from + values.size() * sizeof(T));
}

std::vector<std::uint8_t> steps(std::size_t count, Random& random)
{
    std::vector<std::uint8_t> steps(count);
    for (std::uint8_t& step : steps)
        step = static_cast<std::uint8_t>(random.below(16));
    return steps;
}

std::vector<std::uint16_t> shuffled(std::size_t count, Random& random)
{
    std::vector<std::uint16_t> order(count);
    std::iota(order.begin(), order.end(), std::uint16_t{0});
    for (std::size_t i = count; i > 1; --i)
        std::swap(order[i - 1], order[random.below(i)]);
    return order;
}

std::size_t outliersOf(const nested::Shape& shape, std::size_t block)
{
    return block == 1 ? shape.rows * shape.cols / kOutlierEvery : 0;
}

std::uint64_t blockBytes(const nested::Shape& shape, std::size_t block)
{
    const std::size_t planes = shape.tiles() * kBlocks[block].size();
    const std::size_t prelude =
        block == 0 ? sizeof(nested::Prelude) + 3 * (shape.rows + shape.cols) : 0;
    const std::size_t tables = sizeof(nested::BlockHead) + prelude +
                               nested::kOutlierBytes * outliersOf(shape, block) +
                               nested::mapBytes(shape) + planes;
    return nested::roundUp64(tables) + planes * nested::kPlaneBytes;
}

/// As core/formats/FORMAT.md has it.
std::vector<std::byte> randomBlock(const nested::Shape& shape, std::size_t block,
                                   std::uint64_t seed)
{
    Random random(seed);
    std::vector<std::byte> bytes;
    bytes.reserve(blockBytes(shape, block));
    const std::size_t outliers = outliersOf(shape, block);
    append(bytes, std::vector<nested::BlockHead>{{static_cast<std::uint32_t>(outliers), 0}});
    if (block == 0) {
        append(bytes, std::vector<nested::Prelude>{{0.01F, 1}});
        append(bytes, steps(shape.rows, random));
        append(bytes, steps(shape.cols, random));
        append(bytes, shuffled(shape.rows, random));
        append(bytes, shuffled(shape.cols, random));
    }
    std::vector<std::uint16_t> rows, cols;
    for (std::size_t i = 0; i < outliers; ++i) {
        rows.push_back(static_cast<std::uint16_t>(i * shape.rows / outliers));
        cols.push_back(static_cast<std::uint16_t>(random.below(shape.cols)));
    }
    append(bytes, rows);
    append(bytes, cols);
    append(bytes, std::vector<std::uint16_t>(outliers, 0x4200)); // 3 in f16
    const std::vector<std::uint8_t>& gains = kBlocks[block];
    std::vector<std::uint8_t> map(nested::mapBytes(shape), 0), all;
    for (std::size_t t = 0; t < shape.tiles(); ++t) {
        map[t / 4] = static_cast<std::uint8_t>(map[t / 4] | gains.size() << (2 * (t % 4)));
        all.insert(all.end(), gains.begin(), gains.end());
    }
    append(bytes, map);
    append(bytes, all);
    bytes.resize(nested::roundUp64(bytes.size()));
    const std::size_t first = bytes.size();
    bytes.resize(blockBytes(shape, block));
    for (std::size_t i = first; i < bytes.size(); i += sizeof(std::uint64_t)) {
        const std::uint64_t word = random.next();
        std::memcpy(bytes.data() + i, &word, sizeof word);
    }
    return bytes;
}

void addMatrix(ContainerContent& content, const StackMatrix& matrix)
{
    const nested::Shape shape{matrix.rows, matrix.cols};
    auto& blocks = content.blocks.emplace_back();
    for (std::size_t b = 0; b < kBlocks.size(); ++b) {
        const std::uint64_t seed = content.matrices.size() * kBlocks.size() + b + 1;
        PendingTensor tensor{{blockPartNames(content.codec, matrix, b).front(),
                              DType::U8,
                              {blockBytes(shape, b)},
                              0,
                              0},
                             [shape, b, seed]() -> Result<std::vector<std::byte>> {
                                 return randomBlock(shape, b, seed);
                             }};
        blocks.push_back({{std::move(tensor)}, 1.0 / static_cast<double>(b + 1)});
    }
    content.matrices.push_back(matrix);
}

} // namespace

ModelConfig llama3Of8Billion()
{
    ModelConfig config;
    config.architecture = "llama";
    config.layers = 32;
    config.width = 4096;
    config.mlpWidth = 14336;
    config.heads = 32;
    config.kvHeads = 8;
    config.headDim = 128;
    config.vocabulary = 128256;
    config.contextLength = 8192;
    config.ropeBase = 500000;
    return config;
}

Result<void> writeLargeStack(const std::string& path, const ModelConfig& config)
{
    ContainerContent content;
    content.codec = "nested";
    content.configText = huggingFaceConfigText(config);
    for (const ExpectedTensor& norm : expectedNorms(config))
        content.tensors.push_back({{norm.name, DType::F32, norm.shape, 0, 0},
                                   [count = norm.shape[0]]() -> Result<std::vector<std::byte>> {
                                       std::vector<std::byte> bytes;
                                       append(bytes, std::vector<float>(count, 1.0F));
                                       return bytes;
                                   }});
    for (ExpectedTensor whole : expectedWhole(config)) {
        whole.name.resize(whole.name.size() - std::strlen(".weight"));
        for (std::uint64_t row = 0; row < whole.shape[0]; row += kSlabRows)
            addMatrix(content, {slabText({whole.name, row}),
                                std::min(kSlabRows, whole.shape[0] - row),
                                whole.shape[1],
                                false,
                                {}});
    }
    for (const ExpectedTensor& linear : expectedLinears(config))
        addMatrix(content, {linear.name, linear.shape[0], linear.shape[1], true, {}});
    for (std::uint32_t b = 0; b < kBlocks.size(); ++b)
        for (std::uint32_t m = 0; m < content.matrices.size(); ++m)
            content.order.push_back({m, b});
    content.smallestCount = content.matrices.size();
    BS_CHECK(writeContainer(path, content, false, {}));
    return {};
}

} // namespace bs::test

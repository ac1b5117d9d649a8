#include "core/jobs/size_marks.h"

#include "core/formats/container.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace bs {

namespace {

/// Bits a weight of llama.cpp's types. A super-block type needs rows that are multiples of 256
/// weights; others are stored as its `fallback`.
struct PeerType
{
    double bits;
    double fallback;
};
constexpr PeerType kQ8_0{8.5, 8.5};
constexpr PeerType kQ6K{6.5625, 8.5};
constexpr PeerType kQ4K{4.5, 5.5};
constexpr PeerType kQ3K{3.4375, 4.5};
constexpr std::uint64_t kSuperBlock = 256;

/// One tensor of the model, its slabs put together.
struct Tensor
{
    std::string kind;
    std::optional<std::uint32_t> layer;
    std::uint64_t rows = 0;
    std::uint64_t cols = 0;
};

struct Shapes
{
    std::vector<Tensor> tensors;
    std::uint32_t layers = 0;
    bool head = false; ///< not tied to the embedding
};

Shapes shapesOf(const StackReport& stack)
{
    std::map<std::string, Tensor> byName;
    for (const StackReport::Matrix& matrix : stack.matrices) {
        Tensor& tensor = byName[slabOf(matrix.name).matrix];
        tensor = {matrix.kind, matrix.layer, tensor.rows + matrix.rows, matrix.cols};
    }
    Shapes shapes;
    shapes.layers = stack.layers;
    for (auto& [name, tensor] : byName) {
        shapes.head = shapes.head || tensor.kind == "lm_head";
        shapes.tensors.push_back(std::move(tensor));
    }
    return shapes;
}

/// The first and last eighth of the layers, and every third between them.
bool getsMoreBits(std::uint32_t layer, std::uint32_t layers)
{
    const std::uint32_t eighth = layers / 8;
    return layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
}

using TypeOf = PeerType (*)(const Tensor& tensor, std::uint32_t layers);

PeerType typeOfQ4KM(const Tensor& tensor, std::uint32_t layers)
{
    const bool sensitive = tensor.kind == "v_proj" || tensor.kind == "down_proj";
    return sensitive && tensor.layer && getsMoreBits(*tensor.layer, layers) ? kQ6K : kQ4K;
}

struct Peer
{
    const char* name;
    TypeOf typeOf;
    PeerType output; ///< of the head, or of the embedding where that is the head too
};
constexpr std::array<Peer, 4> kPeers{
    {{"Q3_K_S", [](const Tensor&, std::uint32_t) { return kQ3K; }, kQ6K},
     {"Q4_K_M", typeOfQ4KM, kQ6K},
     {"Q6_K", [](const Tensor&, std::uint32_t) { return kQ6K; }, kQ6K},
     {"Q8_0", [](const Tensor&, std::uint32_t) { return kQ8_0; }, kQ8_0}}};

std::uint64_t peerBytes(const Peer& peer, const Shapes& shapes)
{
    double bits = 0;
    for (const Tensor& tensor : shapes.tensors) {
        const bool output = tensor.kind == (shapes.head ? "lm_head" : "embed_tokens");
        const PeerType type = output ? peer.output : peer.typeOf(tensor, shapes.layers);
        bits += static_cast<double>(tensor.rows * tensor.cols) *
                (tensor.cols % kSuperBlock == 0 ? type.bits : type.fallback);
    }
    return static_cast<std::uint64_t>(bits / 8);
}

/// Where the layers' mean depth reaches the next whole number.
std::vector<SizeMark> depthMarks(const StackReport& stack)
{
    double all = 0;
    for (const StackReport::Matrix& matrix : stack.matrices)
        if (matrix.layer) all += static_cast<double>(matrix.rows * matrix.cols);
    std::vector<SizeMark> marks;
    double loaded = 0; // weights times depth
    for (std::size_t i = 0; i < stack.order.size() && all > 0; ++i) {
        const StackReport::Matrix& matrix = stack.matrices[stack.order[i].matrix];
        if (!matrix.layer) continue;
        const double before = std::floor(loaded / all);
        loaded += static_cast<double>(matrix.rows * matrix.cols);
        const double depth = std::floor(loaded / all);
        if (depth > before && i + 1 >= stack.smallestCount)
            marks.push_back({SizeMark::Kind::Depth, std::to_string(static_cast<int>(depth)),
                             stack.fileBytes[i + 1 - stack.smallestCount]});
    }
    return marks;
}

} // namespace

const char* nameOf(SizeMark::Kind kind)
{
    return kind == SizeMark::Kind::Depth ? "depth" : "peer";
}

std::vector<SizeMark> sizeMarks(const StackReport& stack)
{
    std::vector<SizeMark> marks = depthMarks(stack);
    const Shapes shapes = shapesOf(stack);
    for (const Peer& peer : kPeers) {
        const std::uint64_t bytes = peerBytes(peer, shapes);
        if (bytes >= stack.fileBytes.front() && bytes <= stack.fileBytes.back())
            marks.push_back({SizeMark::Kind::Peer, peer.name, bytes});
    }
    return marks;
}

} // namespace bs

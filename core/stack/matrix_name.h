#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace bs {

// Parts of names such as "model.layers.3.self_attn.q_proj", and "model.embed_tokens#6144": the slab
// of a large matrix that begins with that row.

/// Without a slab's row.
std::string wholeMatrix(const std::string& name);
/// What stands behind the last dot, without a slab's row: "q_proj", "embed_tokens".
std::string classOf(const std::string& name);
/// The number between "layers." and the next dot; empty outside the layers.
std::optional<std::uint32_t> layerOf(const std::string& name);

} // namespace bs

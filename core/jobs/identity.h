#pragma once

#include "core/base/result.h"
#include "core/model/source.h"

#include <string>

namespace bs {

/// Hashes that tell models and the files made from them apart.
struct ModelIdentity
{
    std::string modelHash;    ///< of the uncompressed model; of a stack the one it was made from
    std::string artifactHash; ///< of this file; the model's own for an uncompressed one
    std::string method;       ///< "dense", or the stack's codec
};

/// Reads a container's header only (it holds a checksum of every block), any other model whole.
Result<ModelIdentity> identify(const ModelSource& source);

/// What a container says about where it came from; empty if it does not.
std::string provenanceOf(const ModelSource& source, const std::string& key);

/// "Intel(R) Xeon(R), 2 cores"
std::string machineName();

} // namespace bs

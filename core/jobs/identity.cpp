#include "core/jobs/identity.h"

#include "core/base/hash.h"
#include "core/base/thread_pool.h"

#include <fstream>
#include <vector>

namespace bs {

namespace {

Result<std::string> headerHash(const Container& container)
{
    std::vector<std::byte> header(container.dataOffset);
    BS_CHECK(container.file->readAt(0, header));
    return hexOf(xxh3(header));
}

} // namespace

std::string provenanceOf(const ModelSource& source, const std::string& key)
{
    if (!source.container) return {};
    const auto found = source.container->provenance.find(key);
    return found == source.container->provenance.end() ? std::string() : found->second;
}

Result<ModelIdentity> identify(const ModelSource& source)
{
    ModelIdentity identity;
    if (!source.container) {
        BS_TRY(identity.modelHash, modelHash(source));
        identity.artifactHash = identity.modelHash;
        identity.method = "dense";
        return identity;
    }
    // A header of ours holds a checksum of every block; where there is none the blocks are read.
    BS_TRY(identity.artifactHash, source.container->checksummed ? headerHash(*source.container) : modelHash(source));
    identity.modelHash = provenanceOf(source, "source_hash");
    if (identity.modelHash.empty()) identity.modelHash = identity.artifactHash;
    identity.method = source.container->codec;
    return identity;
}

std::string machineName()
{
    std::ifstream in("/proc/cpuinfo");
    std::string line;
    std::string name = "unknown processor";
    while (std::getline(in, line)) {
        const std::size_t colon = line.find(": ");
        if (line.rfind("model name", 0) == 0 && colon != std::string::npos) {
            name = line.substr(colon + 2);
            break;
        }
    }
    const int cores = availableCores();
    return name + ", " + std::to_string(cores) + (cores == 1 ? " core" : " cores");
}

} // namespace bs

#include "core/jobs/version.h"

#include "bs_commit.h" // written by resources/cmake/commit.cmake at build time

namespace bs {

const char* programVersion()
{
    return BS_VERSION;
}

const char* programCommit()
{
    return BS_COMMIT;
}

} // namespace bs

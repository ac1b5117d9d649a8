#pragma once

namespace bs {

/// "0.1.0"
const char* programVersion();
/// The commit this was built from, "unknown" outside a checkout; "-changed" is appended where files
/// differ.
const char* programCommit();

} // namespace bs

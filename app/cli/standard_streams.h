#pragma once

namespace bs::cli {

/// Gives closed standard streams (`<&-`, `>&-`) a descriptor each on which reading or writing fails, so that no file opened later is taken for one
/// of them. To be called before anything is opened.
void holdStandardStreams();

} // namespace bs::cli

#pragma once

#include "core/linalg/matrix_device.h"

namespace bs {

/// What a card does of compressing a model: large products, and codecs' searches.
class CompressDevice : public MatrixDevice
{
};

} // namespace bs

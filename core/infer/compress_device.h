#pragma once

#include "core/codecs/nested/passes.h"
#include "core/linalg/matrix_device.h"

namespace bs {

/// What a card does of compressing a model: large products, and codecs' searches.
class CompressDevice : public MatrixDevice, public nested::PassDevice
{
};

} // namespace bs

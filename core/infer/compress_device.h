#pragma once

#include "core/codecs/bitstack/leftover.h"
#include "core/codecs/nested/passes.h"
#include "core/linalg/matrix_device.h"

namespace bs {

/// What a card does of compressing a model: large products, and what codecs do with whole matrices.
class CompressDevice : public MatrixDevice,
                       public bitstack::LeftoverDevice,
                       public nested::PassDevice
{
};

} // namespace bs

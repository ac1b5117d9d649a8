#pragma once

#include "core/plan/fisher.h"

#include <vector>

namespace bs {

/// What nested::LossModel refers to, owned.
struct OwnedLoss
{
    std::vector<float> moments;   ///< [cols, cols]
    std::vector<float> rowWeight; ///< [rows]
};

/// Of a linear: moments weighted by the loss's gradient with a part of the plain ones (few tokens carry most of the gradient), rows by
/// the power of their gradient.
OwnedLoss linearLoss(LinearMoments moments);
/// Of the head: rows by how often their token is expected.
OwnedLoss headLoss(const LinearMoments& head);
/// Of the embedding: rows by how often their token occurs in calibration or is expected.
OwnedLoss embeddingLoss(const EmbeddingMoments& embedding, const LinearMoments& head);
/// Of a matrix that is both.
OwnedLoss tiedLoss(const EmbeddingMoments& embedding, const LinearMoments& head);

} // namespace bs

#pragma once

#include "core/stack/recipe.h"

#include <QStringList>

#include <string>
#include <vector>

namespace bs::ui {

/// Rules, as core and as Qt hold them.
QStringList textsOf(const std::vector<std::string>& texts);
std::vector<std::string> textsOf(const QStringList& texts);

// What one edit makes of a recipe, and how rules are told to people.

/// With a rule in the place of the one with the same target.
Recipe withRule(Recipe recipe, const RecipeRule& rule);
Recipe withoutRule(Recipe recipe, const std::string& target);
/// One block more (1) or fewer (-1) for a matrix or class. What holds for it now is gone on from;
/// `depth`, its blocks in the plan, counts where that is a rule about bits.
Recipe withStep(Recipe recipe, const std::string& target, int by, int depth);

/// "6 blocks", "at least 4 bits a weight", "1 block more", "left out".
QString ruleWords(const RecipeRule& rule);
/// "v_proj, every layer", "v_proj of layer 3", "model.norm"
QString targetWords(const std::string& target);
/// A sign for a cell: "=", "+", "-" or a cross.
QString ruleMark(const RecipeRule& rule);

} // namespace bs::ui

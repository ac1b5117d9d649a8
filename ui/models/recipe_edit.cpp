#include "ui/models/recipe_edit.h"

#include "ui/models/translate.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace bs::ui {

namespace {

using Kind = RecipeRule::Kind;

} // namespace

QStringList textsOf(const std::vector<std::string>& texts)
{
    QStringList list;
    for (const std::string& text : texts)
        list.append(QString::fromStdString(text));
    return list;
}

std::vector<std::string> textsOf(const QStringList& texts)
{
    std::vector<std::string> list;
    for (const QString& text : texts)
        list.push_back(text.toStdString());
    return list;
}

Recipe withRule(Recipe recipe, const RecipeRule& rule)
{
    const auto same = std::find_if(recipe.begin(), recipe.end(), [&](const RecipeRule& held) {
        return held.target == rule.target;
    });
    if (same == recipe.end())
        recipe.push_back(rule);
    else
        *same = rule;
    return recipe;
}

Recipe withoutRule(Recipe recipe, const std::string& target)
{
    std::erase_if(recipe, [&](const RecipeRule& rule) { return rule.target == target; });
    return recipe;
}

Recipe withStep(Recipe recipe, const std::string& target, int by, int depth)
{
    const RecipeRule* const holds = ruleFor(recipe, target);
    RecipeRule rule{target, Kind::Offset, static_cast<double>(by)};
    if (holds != nullptr && holds->kind == Kind::Offset) {
        rule.value += holds->value;
    } else if (holds != nullptr) {
        rule.kind = Kind::Depth;
        const double now = holds->kind == Kind::Depth ? holds->value : depth;
        rule.value = std::max(0.0, now + by);
    }
    // As the loading order has it: no rule, unless one for the class would hold then.
    Recipe without = withoutRule(recipe, target);
    if (rule.kind == Kind::Offset && rule.value == 0 && ruleFor(without, target) == nullptr)
        return without;
    return withRule(std::move(recipe), rule);
}

QString ruleWords(const RecipeRule& rule)
{
    const int count = static_cast<int>(std::abs(rule.value));
    switch (rule.kind) {
    case Kind::Depth:
        if (count == 0) return tr("left out");
        return count == 1 ? tr("1 block") : tr("%1 blocks").arg(count);
    case Kind::Bits:
        return tr("at least %1 bits a weight").arg(QLocale().toString(rule.value, 'g', 4));
    case Kind::Offset:
        break;
    }
    if (rule.value == 0) return tr("as the loading order has it");
    if (rule.value > 0) return count == 1 ? tr("1 block more") : tr("%1 blocks more").arg(count);
    return count == 1 ? tr("1 block fewer") : tr("%1 blocks fewer").arg(count);
}

QString targetWords(const std::string& target)
{
    const QString kind = QString::fromStdString(classOf(target));
    const std::size_t slab = target.find('#');
    QString words = kind;
    if (const auto layer = layerOf(target))
        words = tr("%1 of layer %2").arg(kind).arg(*layer);
    else if (classOf(target) == target)
        words = tr("%1, everywhere").arg(kind);
    if (slab != std::string::npos)
        words += tr(", rows from %1").arg(QString::fromStdString(target.substr(slab + 1)));
    return words;
}

QString ruleMark(const RecipeRule& rule)
{
    if (rule.kind != Kind::Offset)
        return rule.value == 0 ? QString(QChar(0x00D7)) : QStringLiteral("=");
    if (rule.value == 0) return QStringLiteral("=");
    return rule.value > 0 ? QStringLiteral("+") : QString(QChar(0x2212));
}

} // namespace bs::ui

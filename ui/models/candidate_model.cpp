#include "ui/models/candidate_model.h"

#include "ui/models/compare_words.h"
#include "ui/models/words.h"

#include <QFont>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace bs::ui {

namespace {

constexpr double kLeastPercent = 0.1; // that is told

QString percent(double logProbability)
{
    const double percent = 100 * std::exp(logProbability);
    const QString text = CandidateModel::tr("%1 %").arg(
        QLocale().toString(std::max(percent, kLeastPercent), 'f', 1));
    return percent < kLeastPercent ? QStringLiteral("< ") + text : text;
}

const TokenChance* chanceOf(const TokenScore& score, int id)
{
    if (score.token.id == id) return &score.token;
    const auto found = std::find_if(score.top.begin(), score.top.end(),
                                    [id](const TokenChance& c) { return c.id == id; });
    return found == score.top.end() ? nullptr : &*found;
}

/// A token that is not among those a model was asked for is less likely than the last of them.
QString chanceText(const TokenScore* score, int id)
{
    if (score == nullptr) return QStringLiteral("–");
    if (const TokenChance* const chance = chanceOf(*score, id))
        return percent(chance->logProbability);
    if (score->top.isEmpty()) return QStringLiteral("–");
    const double last = score->top.last().logProbability;
    return 100 * std::exp(last) < kLeastPercent ? percent(last)
                                                : CandidateModel::tr("below %1").arg(percent(last));
}

} // namespace

int CandidateModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CandidateModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CandidateModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows.at(index.row());
    if (role == Qt::DisplayRole) {
        if (index.column() != Token)
            return row.chances[index.column() == ColumnA ? Side::A : Side::B];
        return row.written ? tr("▸ %1").arg(row.text) : row.text;
    }
    if (role == Qt::AccessibleTextRole && index.column() == Token)
        return row.written ? tr("%1, written").arg(row.text) : row.text;
    if (role == Qt::FontRole && row.written) {
        QFont font;
        font.setBold(true);
        return font;
    }
    if (role == Qt::TextAlignmentRole && index.column() != Token)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    return {};
}

QVariant CandidateModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole && section == Token)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignLeft | Qt::AlignVCenter));
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Token:
        return tr("Token");
    case ColumnA:
        return sideName(Side::A);
    case ColumnB:
        return sideName(Side::B);
    default:
        return {};
    }
}

void CandidateModel::setScores(Side owner, const TokenScore* a, const TokenScore* b)
{
    beginResetModel();
    m_rows.clear();
    const TokenScore* const own = owner == Side::A ? a : b;
    const TokenScore* const other = owner == Side::A ? b : a;
    const TokenScore* const first = own != nullptr ? own : other;
    QList<TokenChance> wanted;
    const auto add = [&](const TokenChance& chance) {
        const auto same = [&](const TokenChance& c) { return c.id == chance.id; };
        if (std::none_of(wanted.begin(), wanted.end(), same)) wanted.append(chance);
    };
    for (const TokenScore* const score : {own, other}) {
        if (score == nullptr) continue;
        add(score->token);
        std::for_each(score->top.begin(),
                      score->top.begin() + std::min<qsizetype>(kEach, score->top.size()), add);
    }
    for (const TokenChance& chance : wanted) {
        Row row{tokenText(chance.text), {}, first != nullptr && chance.id == first->token.id, 0};
        row.chances[Side::A] = chanceText(a, chance.id);
        row.chances[Side::B] = chanceText(b, chance.id);
        const TokenChance* const known = first != nullptr ? chanceOf(*first, chance.id) : nullptr;
        row.order = known != nullptr ? known->logProbability : -1e9;
        m_rows.append(row);
    }
    std::stable_sort(m_rows.begin(), m_rows.end(),
                     [](const Row& x, const Row& y) { return x.order > y.order; });
    endResetModel();
}

QString CandidateModel::sentence() const
{
    const auto written =
        std::find_if(m_rows.begin(), m_rows.end(), [](const Row& r) { return r.written; });
    if (written == m_rows.end()) return {};
    QString text = tr("%1: A %2, B %3.")
                       .arg(written->text, written->chances[Side::A], written->chances[Side::B]);
    if (written != m_rows.begin())
        text += tr(" Likeliest is %1: A %2, B %3.")
                    .arg(m_rows.first().text, m_rows.first().chances[Side::A],
                         m_rows.first().chances[Side::B]);
    return text;
}

} // namespace bs::ui

#include "ui/models/speed_model.h"

#include "ui/models/words.h"

#include <QFileInfo>
#include <QLocale>

#include <algorithm>
#include <array>

namespace bs::ui {

int SpeedModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_speeds.size());
}

int SpeedModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SpeedModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const SpeedRecord& speed = m_speeds.at(index.row());
    const auto bytes = static_cast<qint64>(speed.fileBytes);
    if (role == BytesRole) return bytes;
    if (role == PathRole) return QString::fromStdString(speed.path);
    const bool number = index.column() == Size || index.column() == Speed;
    if (role == Qt::TextAlignmentRole && number)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole && index.column() == Size) return exactBytesText(bytes);
    if (role != Qt::DisplayRole && role != Qt::EditRole) return {};
    const bool plain = role == Qt::EditRole;
    switch (index.column()) {
    case File:
        return fileOf(speed);
    case Size:
        return plain ? QVariant(bytes) : QVariant(sizeText(bytes));
    case Speed:
        return plain ? QVariant(speed.tokensPerSecond)
                     : QVariant(numberText(speed.tokensPerSecond, 'f', 1));
    case Kind:
        return plain ? QString::fromLatin1(speed.answer ? "answer" : "benchmark") : kindOf(speed);
    case When:
        return plain ? QString::fromStdString(speed.when)
                     : whenText(QString::fromStdString(speed.when));
    default:
        return {};
    }
}

QVariant SpeedModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    static constexpr std::array kKeys{"file", "file_bytes", "tokens_per_second", "kind", "when"};
    if (role == Qt::EditRole)
        return QString(QLatin1String(kKeys.at(static_cast<std::size_t>(section))));
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case File:
        return tr("File");
    case Size:
        return tr("Size");
    case Speed:
        return tr("Tokens/s");
    case Kind:
        return tr("Kind");
    default:
        return tr("When");
    }
}

QString SpeedModel::fileOf(const SpeedRecord& speed)
{
    return QFileInfo(QString::fromStdString(speed.path)).completeBaseName();
}

QString SpeedModel::kindOf(const SpeedRecord& speed)
{
    return speed.answer ? tr("answer") : tr("benchmark");
}

void SpeedModel::setSpeeds(const QList<SpeedRecord>& speeds)
{
    beginResetModel();
    m_speeds = speeds;
    endResetModel();
}

QString SpeedModel::summary() const
{
    if (m_speeds.isEmpty()) return tr("No answer and no benchmark of this model yet.");
    const auto [slowest, fastest] = std::minmax_element(
        m_speeds.begin(), m_speeds.end(), [](const SpeedRecord& a, const SpeedRecord& b) {
            return a.tokensPerSecond < b.tokensPerSecond;
        });
    const auto text = [](const SpeedRecord& speed) {
        return tr("%1 tokens/s at %2")
            .arg(QLocale().toString(speed.tokensPerSecond, 'f', 1),
                 sizeText(static_cast<qint64>(speed.fileBytes)));
    };
    const auto answers =
        std::count_if(m_speeds.begin(), m_speeds.end(), [](const auto& s) { return s.answer; });
    QStringList what;
    const qsizetype benchmarks = m_speeds.size() - answers;
    if (answers > 0) what.append(answers == 1 ? tr("one answer") : tr("%1 answers").arg(answers));
    if (benchmarks > 0)
        what.append(benchmarks == 1 ? tr("one benchmark") : tr("%1 benchmarks").arg(benchmarks));
    return tr("Measured in %1: from %2 to %3.")
        .arg(what.join(tr(" and ")), text(*slowest), text(*fastest));
}

} // namespace bs::ui

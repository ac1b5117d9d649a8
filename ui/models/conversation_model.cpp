#include "ui/models/conversation_model.h"

#include <QJsonObject>

#include <algorithm>

namespace bs::ui {

namespace {

bool same(const ChatRow& a, const ChatRow& b)
{
    return a.key == b.key && a.text == b.text && a.note == b.note && a.pending == b.pending &&
           a.version == b.version && a.versions == b.versions && a.waysOn == b.waysOn;
}

} // namespace

int ConversationModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ConversationModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ChatRow& row = m_rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return row.text;
    case SpeakerRole:
        return row.speaker;
    case NoteRole:
        return row.note;
    case PendingRole:
        return row.pending;
    case VersionRole:
        return row.version;
    case VersionsRole:
        return row.versions;
    case WaysOnRole:
        return row.waysOn;
    default:
        return {};
    }
}

QHash<int, QByteArray> ConversationModel::roleNames() const
{
    QHash<int, QByteArray> names = QAbstractListModel::roleNames();
    names.insert(SpeakerRole, "speaker");
    names.insert(NoteRole, "note");
    names.insert(PendingRole, "pending");
    names.insert(VersionRole, "version");
    names.insert(VersionsRole, "versions");
    names.insert(WaysOnRole, "waysOn");
    return names;
}

void ConversationModel::setRows(const QList<ChatRow>& rows)
{
    const auto differ =
        std::mismatch(m_rows.begin(), m_rows.end(), rows.begin(), rows.end(), same).first;
    const int kept = static_cast<int>(differ - m_rows.begin());
    if (kept < rowCount()) {
        beginRemoveRows({}, kept, rowCount() - 1);
        m_rows.resize(kept);
        endRemoveRows();
    }
    if (kept < rows.size()) {
        beginInsertRows({}, kept, static_cast<int>(rows.size()) - 1);
        m_rows = rows;
        endInsertRows();
    }
}

void ConversationModel::lastChanged(const QList<int>& roles)
{
    const QModelIndex last = index(rowCount() - 1);
    Q_EMIT dataChanged(last, last, roles);
}

void ConversationModel::appendToAnswer(const QString& piece)
{
    if (m_rows.isEmpty() || !m_rows.last().pending) return;
    m_rows.last().text += piece;
    lastChanged({Qt::DisplayRole});
}

void ConversationModel::endAnswer(const QString& note)
{
    if (m_rows.isEmpty() || !m_rows.last().pending) return;
    m_rows.last().pending = false;
    m_rows.last().note = note;
    lastChanged({NoteRole, PendingRole});
}

bool ConversationModel::endsWithAnswer() const
{
    return !m_rows.isEmpty() && m_rows.last().speaker == QLatin1String("assistant");
}

QJsonArray ConversationModel::toJson(const QString& system) const
{
    QJsonArray messages;
    if (!system.isEmpty()) messages.append(QJsonObject{{"role", "system"}, {"content", system}});
    for (const ChatRow& row : m_rows)
        if (!row.text.isEmpty())
            messages.append(QJsonObject{{"role", row.speaker}, {"content", row.text}});
    return messages;
}

} // namespace bs::ui

#include "ui/models/conversation_model.h"

#include <QJsonObject>

namespace bs::ui {

namespace {

const QString kUser = QStringLiteral("user");
const QString kAssistant = QStringLiteral("assistant");

} // namespace

int ConversationModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_messages.size());
}

QVariant ConversationModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Message& message = m_messages.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return message.text;
    case SpeakerRole:
        return message.speaker;
    case NoteRole:
        return message.note;
    case PendingRole:
        return message.pending;
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
    return names;
}

void ConversationModel::clear()
{
    beginResetModel();
    m_messages.clear();
    endResetModel();
}

void ConversationModel::append(Message message)
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_messages.append(std::move(message));
    endInsertRows();
}

void ConversationModel::lastChanged(const QList<int>& roles)
{
    const QModelIndex last = index(rowCount() - 1);
    Q_EMIT dataChanged(last, last, roles);
}

void ConversationModel::addUser(const QString& text)
{
    append({kUser, text, {}, false});
}

void ConversationModel::beginAnswer()
{
    append({kAssistant, {}, {}, true});
}

void ConversationModel::appendToAnswer(const QString& piece)
{
    if (m_messages.isEmpty() || !m_messages.last().pending) return;
    m_messages.last().text += piece;
    lastChanged({Qt::DisplayRole});
}

void ConversationModel::endAnswer(const QString& note)
{
    if (m_messages.isEmpty() || !m_messages.last().pending) return;
    m_messages.last().pending = false;
    m_messages.last().note = note;
    lastChanged({NoteRole, PendingRole});
}

bool ConversationModel::endsWithAnswer() const
{
    return !m_messages.isEmpty() && m_messages.last().speaker == kAssistant;
}

bool ConversationModel::dropLastAnswer()
{
    if (!endsWithAnswer()) return false;
    const int row = rowCount() - 1;
    beginRemoveRows({}, row, row);
    m_messages.removeLast();
    endRemoveRows();
    return true;
}

QJsonArray ConversationModel::toJson(const QString& system) const
{
    QJsonArray messages;
    if (!system.isEmpty()) messages.append(QJsonObject{{"role", "system"}, {"content", system}});
    for (const Message& message : m_messages)
        if (!message.text.isEmpty())
            messages.append(QJsonObject{{"role", message.speaker}, {"content", message.text}});
    return messages;
}

} // namespace bs::ui

#pragma once

#include "ui/jobs/records.h"

#include <QAbstractListModel>
#include <QJsonArray>

namespace bs::ui {

/// The messages of the conversation on screen, the answer that is being made included.
class ConversationModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        SpeakerRole = Qt::UserRole, ///< "user" or "assistant"
        NoteRole,                   ///< a line below the text: speed, size, why it ended
        PendingRole,                ///< the answer is still being made
    };

    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    void clear();
    void addUser(const QString& text);
    /// Begins an empty answer as the last row.
    void beginAnswer();
    /// Adds to the answer that is being made; nothing if there is none.
    void appendToAnswer(const QString& piece);
    /// The answer is whole, or as whole as it will get.
    void endAnswer(const QString& note);
    /// Takes the last answer away, so that it can be made again; false if the last row is none.
    bool dropLastAnswer();

    bool isEmpty() const { return m_messages.isEmpty(); }
    bool endsWithAnswer() const;
    QString lastText() const { return m_messages.isEmpty() ? QString() : m_messages.last().text; }
    /// The conversation as the worker wants it, without an empty pending answer.
    QJsonArray toJson(const QString& system) const;

private:
    struct Message
    {
        QString speaker;
        QString text;
        QString note;
        bool pending = false;
    };

    void append(Message message);
    void lastChanged(const QList<int>& roles);

    QList<Message> m_messages;
};

} // namespace bs::ui

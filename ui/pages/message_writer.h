#pragma once

#include <QCoreApplication>
#include <QFont>
#include <QPalette>
#include <QStringList>
#include <QTextFrameFormat>

class QAbstractItemModel;
class QTextCursor;

namespace bs::ui {

/// Writes the rows of a ConversationModel as rich text. What can be done with a message are links
/// kScheme:verb/row/argument.
class MessageWriter
{
    Q_DECLARE_TR_FUNCTIONS(bs::ui::MessageWriter)

public:
    static constexpr const char* kScheme = "message";

    /// The model must outlive it.
    MessageWriter(const QAbstractItemModel* model, const QFont& font, const QPalette& palette);

    QTextFrameFormat frame(int row) const;
    /// Who speaks, which version of how many, and the links.
    void heading(QTextCursor& cursor, int row) const;
    /// The text: a person's as it stands, an answer as Markdown. Returns the answer's code blocks,
    /// which links "code/row/place" copy.
    QStringList body(QTextCursor& cursor, int row) const;
    /// How an answer came about, and whether the conversation went on from here.
    void note(QTextCursor& cursor, int row) const;

private:
    const QAbstractItemModel* m_model;
    QFont m_font;
    QPalette m_palette;
};

} // namespace bs::ui

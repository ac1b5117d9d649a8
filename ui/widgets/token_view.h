#pragma once

#include <QList>
#include <QPlainTextEdit>

#include <optional>

namespace bs::ui {

/// An answer as plain text that knows its tokens: the mouse over one and the arrow keys choose it,
/// one of them can be marked, with a background, a line and bold letters. It follows what is
/// appended while its end is in sight.
class TokenView : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit TokenView(QWidget* parent = nullptr);

    void setTokens(const QStringList& tokens);
    /// Puts more text behind the last token; how it is cut is known with the next setTokens.
    void appendText(const QString& text);
    /// The first token that is another in the answer beside this one.
    void setMark(std::optional<qsizetype> token);
    /// The token that is looked at.
    void setCurrent(std::optional<qsizetype> token);
    std::optional<qsizetype> current() const { return m_current; }
    /// What stands where nothing was answered.
    void setNote(const QString& note);
    /// Where a token stands, in coordinates of this widget.
    QRect tokenRect(qsizetype token) const;

Q_SIGNALS:
    /// Chosen by the mouse over it, or with the keyboard; `byKey` then.
    void tokenChosen(qsizetype token, bool byKey);
    /// Neither the mouse nor the keyboard is on one any more.
    void tokenLeft();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    std::optional<qsizetype> tokenAt(int position) const;
    QTextCursor cursorOf(qsizetype token) const;
    void step(int by);
    void showSelections();

    QList<int> m_ends; ///< of the tokens, as positions of the text
    std::optional<qsizetype> m_mark;
    std::optional<qsizetype> m_current;
};

} // namespace bs::ui

#pragma once

#include "ui/jobs/records.h"

#include <QFrame>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace bs::ui {

/// One sentence above the page: what went wrong or what is done, with an offer if there is one.
/// Never in the way, gone when closed.
class MessageBar : public QFrame
{
    Q_OBJECT

public:
    enum class Kind { Done, Notice, Error };

    explicit MessageBar(QWidget* parent = nullptr);

    void showMessage(Kind kind, const QString& sentence, const QString& details = {});
    void showError(const WorkerError& error);
    void showDone(const QString& sentence) { showMessage(Kind::Done, sentence); }
    void showProblem(const QString& sentence) { showMessage(Kind::Error, sentence); }
    /// Adds a button to the message that is shown; `offered()` when it is pressed.
    void setOffer(const QString& text);
    QString sentence() const;
    Kind kind() const { return m_kind; }

Q_SIGNALS:
    void offered();

protected:
    void changeEvent(QEvent* event) override;

private:
    void applyColours();

    Kind m_kind = Kind::Notice;
    QLabel* m_icon;
    QLabel* m_text;
    QPushButton* m_offer;
    QPushButton* m_detailsButton;
    QPushButton* m_copy;
    QToolButton* m_close;
    QPlainTextEdit* m_details;
    bool m_colouring = false;
};

} // namespace bs::ui

#pragma once

#include <QLineEdit>
#include <QWidget>

namespace bs::ui {

/// A path that can be typed or chosen.
class FileField : public QWidget
{
    Q_OBJECT

public:
    enum class Mode { Open, Save };

    FileField(Mode mode, const QString& title, const QString& filter, QWidget* parent = nullptr);

    QString path() const { return m_edit->text().trimmed(); }
    void setPath(const QString& path) { m_edit->setText(path); }
    QLineEdit* edit() { return m_edit; }

Q_SIGNALS:
    void changed();

private:
    void browse();

    Mode m_mode;
    QString m_title;
    QString m_filter;
    QLineEdit* m_edit;
};

} // namespace bs::ui

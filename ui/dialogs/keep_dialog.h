#pragma once

#include "core/stack/recipe.h"

#include <QDialog>

class QDoubleSpinBox;
class QRadioButton;
class QSpinBox;

namespace bs::ui {

/// At how many blocks, or at how many bits a weight, a matrix or class shall be kept.
class KeepDialog : public QDialog
{
    Q_OBJECT

public:
    /// `depth`: its blocks now, of `most`; `bits`: what they are a weight.
    KeepDialog(std::string target, int depth, int most, double bits, QWidget* parent = nullptr);

    RecipeRule rule() const;

Q_SIGNALS:
    void chosen(const bs::RecipeRule& rule);

private:
    std::string m_target;
    QRadioButton* m_byDepth;
    QRadioButton* m_byBits;
    QSpinBox* m_depth;
    QDoubleSpinBox* m_bits;
};

} // namespace bs::ui

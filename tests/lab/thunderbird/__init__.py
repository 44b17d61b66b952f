"""The real Thunderbird, driven by its own remote control, as the judge of what advisor hands out."""

"""The real Thunderbird, driven by remote control, as the judge of what advisor hands out."""

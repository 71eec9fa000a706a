strip = Demonstration
strip-says = Everybody here is invented; nothing leaves this machine.
strip-pause = Pause
strip-resume = Go on
strip-speed = Speed
strip-times = Speed { $n }
